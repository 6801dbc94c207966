import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import type { IngestEffects } from "../../../../ingest/cli/effects.ts";
import { readSettings } from "../../../../ingest/cli/settings.ts";
import { openWorld } from "../../../../ingest/schedule/real-world.ts";
import { runSchedule } from "../../../../ingest/schedule/run-schedule.ts";
import type { World } from "../../../../ingest/schedule/world.ts";
import { readBatchLog } from "../../../../runner/project/batch-log.ts";
import { readVintages } from "../../../../runner/project/landing.ts";
import type { Fault } from "../../../support/publisher/faults.ts";
import { Library } from "../../../support/publisher/library.ts";
import { startPublisher } from "../../../support/publisher/start.ts";
import { edition } from "../sync/tiny.ts";

const DATASETS = 200;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const START = Date.parse("2025-03-01T12:00:00Z");
const END = START + 31 * DAY;
/** Nobody is there for longer than the feed's seven days, and once for a night. */
const AWAY = [
  [START + 5 * DAY, START + 5.4 * DAY],
  [START + 16 * DAY, START + 24 * DAY],
] as const;
/** The publisher answers nothing but a page of HTML. */
const OUTAGES = [
  [START + 8 * DAY - 2 * HOUR, START + 8 * DAY + 9 * HOUR],
  [START + 27 * DAY, START + 27 * DAY + 5 * HOUR],
] as const;
const FAULTS: readonly Fault[] = [
  "reset",
  "refuse",
  "429",
  "503",
  "html",
  "truncated-gzip",
  "truncated-json",
  "wrong-length",
  "empty",
  "async",
];

/** The same numbers every time. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const within = (spans: readonly (readonly [number, number])[], at: number): boolean =>
  spans.some(([from, to]) => at >= from && at < to);
const idOf = (at: number): string => `${new Date(at).toISOString().slice(0, 19).replaceAll(":", "")}Z`;

test("a month of feeds, editions, faults, kills and absences: every edition once, every change built once", async (context) => {
  const random = randomOf(20250301);
  const codes = Array.from({ length: DATASETS }, (_, i) => `toy_${String(i).padStart(3, "0")}`);
  const library = new Library();
  const published = new Map<string, string[]>(codes.map((code) => [code, []]));
  const publish = (code: string, at: number): void => {
    published.get(code)!.push(idOf(at));
    const updated = `${new Date(at).toISOString().slice(0, 19)}+0000`;
    library.publish(code, edition(code, updated, Math.round(at / HOUR) % 10_000), new Date(at));
  };
  for (const code of codes) publish(code, START - 20 * DAY + Math.floor(random() * 10) * DAY);
  // At 11:00 and 23:00 in Brussels; far enough apart that nobody's absence hides one behind the next.
  const plan = codes
    .flatMap((code) =>
      (
        [
          [1, 7],
          [11, 18],
          [25, 29],
        ] as const
      ).flatMap(([from, to]) => {
        const half = 2 * from + Math.floor(random() * 2 * (to - from));
        const at = Date.parse("2025-03-01T10:00:00Z") + half * (DAY / 2);
        return random() < 0.15 ? [{ code, at }] : [];
      }),
    )
    .sort((a, b) => a.at - b.at);

  // A clock that jumps: whoever sleeps is woken at once, and meanwhile what was to be published is.
  let clock = START;
  const moveTo = (at: number): void => {
    while (plan.length > 0 && plan[0]!.at <= at) {
      const { code, at: due } = plan.shift()!;
      publish(code, due);
    }
    clock = Math.max(clock, at);
  };
  const publisher = await startPublisher({
    eurostat: library,
    now: () => new Date(clock),
    fault: () =>
      within(OUTAGES, clock)
        ? "503"
        : random() < 0.1
          ? FAULTS[Math.floor(random() * FAULTS.length)]
          : undefined,
  });
  after(() => publisher.close());
  // Where memory is a disk: hundreds of landings are synced, which is not what this is about.
  const root = mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "statloom-month-"));
  after(() => rmSync(root, { recursive: true, force: true }));
  const landing = join(root, "data/landing");
  writeFileSync(
    join(root, "sql_project.yaml"),
    "name: t\ntarget: dev\ntargets: {dev: {type: duckdb, path: w.duckdb}}\ningest:\n  publishers: {eurostat: {concurrency: 8}}\n  schedule: {freshness: false}\n  datasets: [{publisher: eurostat, code: 'toy_*'}]\n",
  );

  const built = new Map<string, string[]>();
  let kills = 0;
  let rounds = 0;

  /** One scheduler from its start until it is stopped, killed, or the month is over. */
  async function live(
    until: number,
    fate: "stopped" | "killed in a build" | "killed after a sync",
  ): Promise<void> {
    const stop = new AbortController();
    const effects: IngestEffects = {
      now: () => new Date(clock),
      env: publisher.env,
      cwd: root,
      stdin: (async function* () {})(),
      signal: stop.signal,
      sleep: async (ms) => {
        const at = clock + ms;
        await new Promise((resolve) => setImmediate(resolve));
        moveTo(at);
      },
      random,
      modelsCommand: [],
      stdout: { write: () => undefined, isTerminal: false, width: 80 },
      stderr: { write: () => undefined, isTerminal: false, width: 80 },
    };
    let landings = 0;
    const stopAt = fate === "stopped" ? Math.floor(random() * 30) : Infinity;
    const real = await openWorld({
      effects,
      readSettings: () => readSettings(effects, { projectDir: root, target: undefined, landing: undefined }),
      modelsWords: [],
      maxBytes: 1e9,
      onSync(event) {
        // In the middle of many: what is on its way is rolled back.
        if (event.kind === "landed" && ++landings === stopAt && clock >= until) stop.abort();
      },
      onBuild: () => undefined,
      onModelsLog: () => undefined,
      onSchedule: () => undefined,
      onUnsent: () => undefined,
    });
    let die!: () => void;
    const death = new Promise<"dead">((resolve) => (die = () => resolve("dead")));
    /** Nothing more is heard of a process that is killed. */
    const killed = (): Promise<never> => {
      kills++;
      die();
      return new Promise(() => undefined);
    };
    const world: World = {
      ...real,
      async sleep(ms) {
        rounds++;
        if (clock >= until && fate === "stopped") return stop.abort();
        await effects.sleep(ms, undefined);
      },
      async sync(signal) {
        await real.sync(signal);
        if (clock >= until && fate === "killed after a sync") await killed();
      },
      async build(datasets, signal) {
        const has = datasets.map(
          (name) => [name, readVintages(landing, "eurostat", name.split("/")[1]!).at(-1)!.vintage] as const,
        );
        if (clock >= until && fate !== "stopped") await killed();
        assert.ok(!signal.aborted);
        for (const [name, vintage] of has) built.set(name, [...(built.get(name) ?? []), vintage]);
        return { kind: "ended", outcome: "success", seconds: 1, errors: 0, message: null, isCrash: false };
      },
      async tasks() {
        if (clock >= END) stop.abort();
        return real.tasks();
      },
    };
    await Promise.race([runSchedule(world, { landing, lookEveryMs: 6 * HOUR, signal: stop.signal }), death]);
    await real.close();
  }

  const fates = ["killed in a build", "stopped", "killed after a sync"] as const;
  let lives = 0;
  while (clock < END) {
    const away = AWAY.find(([from, to]) => clock >= from && clock < to);
    if (away) moveTo(away[1]);
    const nextAway = AWAY.find(([from]) => from > clock)?.[0] ?? Infinity;
    const until = Math.min(nextAway, END, clock + (1 + random() * 4) * DAY);
    await live(until, until === nextAway || until === END ? "stopped" : fates[lives % fates.length]!);
    lives++;
  }
  assert.equal(plan.length, 0, "everything has been published");

  const landed = new Map(
    codes.map((code) => [code, readVintages(landing, "eurostat", code).map(({ vintage }) => vintage)]),
  );
  assert.deepEqual(
    Object.fromEntries(landed),
    Object.fromEntries(published),
    "exactly the editions published",
  );
  const batches = readBatchLog(landing, new Map()).filter(({ batch }) => batch.outcome === "landed");
  const noted = batches.map(({ batch }) => `${batch.dataset} ${batch.vintage}`);
  assert.equal(new Set(noted).size, noted.length, "each landed once");
  assert.equal(noted.length, [...published.values()].flat().length);
  for (const code of codes)
    assert.deepEqual(
      built.get(`eurostat/${code}`),
      published.get(code),
      `${code} is built once for each edition`,
    );
  assert.ok(kills >= 3 && lives >= 8, `${kills} kills in ${lives} lives`);
  context.diagnostic(
    `${noted.length} editions, ${publisher.asked.length} questions, ${lives} lives, ${kills} kills, ${rounds} rounds`,
  );
});
