import { OperationError, messageOf } from "../../runner/base/errors.ts";
import type { Judgement } from "../../runner/observe/alerts/judgement.ts";
import { listLanded, readVintages } from "../../runner/project/landing.ts";
import { loadCatalog } from "../catalog/load-catalog.ts";
import type { IngestEffects } from "../cli/effects.ts";
import type { Settings } from "../cli/settings.ts";
import { readChanges } from "../feed/read-changes.ts";
import { instantText } from "../landing/vintage-id.ts";
import type { BuildEvent } from "../observe/build-event.ts";
import { observeSync } from "../observe/observe-sync.ts";
import type { Observer } from "../observe/observe-sync.ts";
import { markDue } from "../state/due.ts";
import { chooseDatasets } from "../sync/choose.ts";
import { needsCatalog } from "../sync/configured.ts";
import type { Configured } from "../sync/configured.ts";
import type { SyncEvent } from "../sync/events.ts";
import { openIngestion } from "../sync/open-ingestion.ts";
import type { Ingestion } from "../sync/open-ingestion.ts";
import { createStager } from "../sync/stager.ts";
import { syncAll } from "../sync/sync-all.ts";
import { runModels } from "./build-models.ts";
import { dueAt, tasksOf } from "./plan.ts";
import type { Task, TaskName } from "./tasks.ts";
import type { ScheduleEvent, World } from "./world.ts";

export type RealWorldOptions = {
  readonly effects: IngestEffects;
  readonly readSettings: () => Promise<Settings>;
  /** `--target` and the like, for `models`. */
  readonly modelsWords: readonly string[];
  readonly maxBytes: number;
  readonly onSync: (event: SyncEvent) => void;
  readonly onBuild: (event: BuildEvent) => void;
  readonly onModelsLog: (line: string) => void;
  readonly onSchedule: (event: ScheduleEvent) => void;
  readonly onUnsent: (messages: readonly string[]) => void;
};

export type RealWorld = World & {
  /** The project as it was read last. */
  settings(): Settings;
  configured(): Promise<readonly Configured[]>;
  /** As they were read last. */
  knownTasks(): readonly Task[];
  close(): Promise<void>;
};

/** The project, its publishers and its models, as the scheduler sees them. */
export async function openWorld(options: RealWorldOptions): Promise<RealWorld> {
  const { effects } = options;
  let settings = await options.readSettings();
  let open: Ingestion | undefined;
  let configured: Promise<readonly Configured[]> | undefined;
  let known: readonly Task[] = [];
  /** One client for as long as the project stays the same: publishers tell their limits once. */
  const ingestion = (): Ingestion => (open ??= openIngestion({ ...effects, settings }));
  const datasets = (): Promise<readonly Configured[]> => (configured ??= ingestion().configured());

  async function refresh(): Promise<void> {
    configured = undefined;
    let read;
    try {
      read = await options.readSettings();
    } catch (error) {
      options.onSchedule({
        kind: "trouble",
        message: `the project cannot be read, what it said before holds: ${messageOf(error)}`,
      });
      return;
    }
    if (JSON.stringify(read) === JSON.stringify(settings)) return;
    settings = read;
    await open?.close();
    open = undefined;
  }

  async function ofPublisher(name: string): Promise<readonly Configured[]> {
    configured = undefined;
    return (await datasets()).filter(({ publisher }) => publisher === name);
  }

  async function readPublisher(kind: "feed" | "catalog", name: string, signal: AbortSignal): Promise<void> {
    const publisher = await ingestion().publisher(name);
    const { http } = ingestion();
    const { landing } = settings;
    const common = { publisher, http, landing, now: effects.now(), signal };
    if (kind === "catalog") {
      if (publisher.hasCatalog) await loadCatalog(common);
      return;
    }
    if (!publisher.hasCatalog) {
      // Nobody tells what changed: each is asked, as cheaply as it can be.
      for (const item of await ofPublisher(name)) await markAsScheduled(item.publisher, item.dataset);
      return;
    }
    const looksUp = settings.datasets.some(
      (config) => config.publisher.toLowerCase() === publisher.name && needsCatalog(config),
    );
    await readChanges({ ...common, looksUp, configured: () => ofPublisher(publisher.name) });
  }

  const markAsScheduled = (publisher: string, dataset: string): Promise<boolean> =>
    markDue(
      settings.landing,
      { publisher, dataset, reason: "schedule", certain: false, published: null },
      instantText(effects.now()),
    );

  async function models(
    words: readonly string[],
    signal: AbortSignal,
  ): Promise<Extract<BuildEvent, { kind: "ended" }>> {
    const { env } = effects;
    return runModels({
      command: effects.modelsCommand,
      words: [...words, "--project-dir", settings.root, ...options.modelsWords],
      cwd: settings.root,
      env,
      signal,
      onEvent: options.onBuild,
      onLog: options.onModelsLog,
    });
  }

  const observer = () => observeSync(settings, effects.now);
  // One after the other: they share a file.
  let telling: Promise<void> = Promise.resolve();
  const tellPeople = (seen: Observer, more: readonly Judgement[] = []): Promise<void> =>
    (telling = telling.then(async () => options.onUnsent(await seen.tell(more))));

  return {
    settings: () => settings,
    configured: datasets,
    knownTasks: () => known,
    now: effects.now,
    sleep: (ms, signal) => effects.sleep(ms, signal).catch(() => undefined),
    async tasks() {
      await refresh();
      return (known = tasksOf(settings, ingestion().publisherNames, await datasets()));
    },
    async runTask(name: TaskName, signal) {
      const kind = name.slice(0, name.indexOf(":"));
      const rest = name.slice(name.indexOf(":") + 1);
      if (name === "freshness") {
        const { outcome, message } = await models(["source", "freshness"], signal);
        // Sources that are old are its result, and told by it.
        if (outcome === "broken")
          throw new OperationError("FRESHNESS_BROKEN", message ?? "it came to nothing");
      } else if (kind === "feed" || kind === "catalog") await readPublisher(kind, rest, signal);
      else {
        const [publisher = "", dataset = ""] = rest.split("/");
        await markAsScheduled(publisher, dataset);
      }
    },
    async nextDue() {
      const now = instantText(effects.now());
      const times = (await datasets())
        .map((item) => dueAt(settings.landing, item, now))
        .filter((at) => at !== null)
        .sort();
      return times[0] === undefined ? null : new Date(times[0]);
    },
    async sync(signal) {
      const { landing } = settings;
      const chosen = chooseDatasets(await datasets(), [], {
        landing,
        due: true,
        since: undefined,
        now: instantText(effects.now()),
      });
      const seen = observer();
      const stager = createStager(settings, signal);
      try {
        await syncAll(chosen, {
          settings,
          http: ingestion().http,
          clock: effects,
          signal,
          publisherOf: (name) => ingestion().publisher(name),
          stager,
          onEvent(event) {
            seen.see(event);
            options.onSync(event);
          },
          force: false,
          maxBytes: options.maxBytes,
        });
      } finally {
        await stager.close();
      }
      await tellPeople(seen);
    },
    async landed() {
      const { landing, schedule } = settings;
      if (!schedule.build) return [];
      return listLanded(landing).flatMap(({ publisher, dataset }) => {
        const newest = readVintages(landing, publisher, dataset).at(-1);
        return newest ? [{ name: `${publisher}/${dataset}`, vintage: newest.vintage }] : [];
      });
    },
    async build(names, signal) {
      const select = names.map((name) => `source:${name.replace("/", ".")}+`);
      const ended = await models(["build", "--lock-timeout", "3600", "--select", ...select], signal);
      if (ended.outcome === "stopped") return ended;
      // Models tells of what it finds itself; it cannot tell of its own sudden end.
      const finding =
        ended.outcome === "broken" && ended.isCrash
          ? { severity: "error" as const, title: "models build broke off", details: ended.message ?? "" }
          : null;
      await tellPeople(observer(), [{ rule: "failed_run", subject: "models build", finding }]);
      return ended;
    },
    tell(event) {
      options.onSchedule(event);
      if (event.kind !== "task-finished") return;
      const { task, outcome, message } = event;
      const title = `${task} came to nothing`;
      const finding =
        outcome === "failed" ? { severity: "warn" as const, title, details: message ?? "" } : null;
      void tellPeople(observer(), [{ rule: "failed_run", subject: `task:${task}`, finding }]);
    },
    async close() {
      await telling;
      await open?.close();
    },
  };
}
