import { existsSync } from "node:fs";
import { dirname, join } from "node:path/posix";
import { stringify } from "yaml";
import { OperationError, UsageError } from "../../base/errors.ts";
import { writeFileAtomic } from "../../base/files.ts";
import { didYouMean } from "../../base/nearest.ts";
import { compareRows } from "../../checks/unit/compare-rows.ts";
import type { ModelNode } from "../../graph/types.ts";
import { goesBy, nameWithVersion } from "../../graph/versions.ts";
import type { OpenProject } from "../open-project.ts";
import { openUnitRunner } from "../unit-tests/unit-runner.ts";
import type { UnitRunner } from "../unit-tests/unit-runner.ts";
import { withSession } from "../with-session.ts";
import { rowsOf } from "../introspect.ts";
import { draftOf, withInputs } from "./draft.ts";
import type { Draft, GivenRows } from "./draft.ts";
import { inputsOf } from "./inputs-of.ts";
import { liveSamples } from "./live-rows.ts";
import { smallestThat } from "./smallest-that.ts";

/** What was written: `file` from the project's folder, and how many rows are in it. */
export type Recorded = {
  readonly file: string;
  readonly name: string;
  readonly given: number;
  readonly expected: number;
};

/**
 * Writes a unit test of a model from rows that are there: those of its inputs that its first `limit` rows come from and no others, in the columns that
 * count, and what the model makes of them. Nothing that is there is overwritten.
 */
export async function recordTest(open: OpenProject, wanted: string, limit: number): Promise<Recorded> {
  const model = modelNamed(open, wanted);
  const name = `${nameWithVersion(model).replaceAll(".", "_")}_as_recorded`;
  const file = join(dirname(model.originalFilePath), `${name}.yml`);
  const path = join(open.project.root, file);
  const same = [...open.parsed.graph.unitTests.values()].find((test) => test.name === name);
  if (existsSync(path) || same)
    throw new UsageError(
      "FILE_EXISTS",
      `${same ? `${same.originalFilePath} has a unit test "${name}"` : `${file} is there`} already`,
      "rename it, or remove it to record another",
    );
  const inputs = inputsOf(open, model);
  const { project, draft } = draftOf(open, model, name, inputs);
  const runner = await openUnitRunner(project, [withInputs(draft, new Map())]);
  try {
    const chosen = await withSession(open.project.target, open.effects.signal, (session) => {
      const samples = liveSamples(open, session, model, inputs, limit);
      return chooseRows(runner, draft, samples, limit, open.startedAt);
    });
    if (chosen === null)
      throw new OperationError("RECORD_EMPTY", `"${model.name}" makes no rows of those that were looked at`, {
        hint: "build its parents first, or write the unit test by hand",
      });
    const { given, now } = chosen;
    const frozen = { ...draft, overrides: { ...draft.overrides, now } };
    const expected = rowsOf(await runner.rowsOf(withInputs(frozen, given)));
    const test = {
      ...withInputs(frozen, given),
      expect: { format: "dict" as const, rows: expected, fixture: null },
    };
    const { status, message } = await runner.run(test);
    if (status !== "pass")
      throw new OperationError(
        "RECORD_UNSTABLE",
        `"${model.name}" does not give the same twice of the same rows: ${message ?? status}`,
        {
          hint: "what depends on chance or on the world cannot be recorded",
        },
      );
    writeFileAtomic(path, textOf(model, name, given, expected, now));
    return { file, name, given: [...given.values()].flat().length, expected: expected.length };
  } finally {
    await runner.close();
  }
}

/** The first sample of which the model makes anything, and of it the smallest part that still gives rows of the kind. */
async function chooseRows(
  runner: UnitRunner,
  draft: Draft,
  samples: AsyncIterable<GivenRows>,
  limit: number,
  startedAt: string,
): Promise<{ readonly given: GivenRows; readonly now: string | null } | null> {
  for await (const sample of samples) {
    const at = (now: string | null) => (given: GivenRows) =>
      runner.rowsOf(withInputs({ ...draft, overrides: { ...draft.overrides, now } }, given));
    const all = await at(startedAt)(sample);
    if (all.rows.length === 0) continue;
    const later = await at(LATER)(sample);
    const now = compareRows(all.rows, later.rows).length === 0 ? null : startedAt;
    const wanted = all.rows.slice(0, limit);
    const given = await smallestThat(sample, async (part) =>
      at(now)(part).then(
        ({ rows }) => compareRows(wanted, rows).every(({ expected }) => expected === null),
        () => false,
      ),
    );
    return { given, now };
  }
  return null;
}

/** Far enough from any run for what reads the clock to say something else. */
const LATER = "2101-07-17T11:13:17.000Z";

function textOf(
  model: ModelNode,
  name: string,
  given: GivenRows,
  expected: readonly object[],
  now: string | null,
): string {
  const entry = {
    name,
    description: "Written from rows that were there; read it before you rely on it.",
    model: model.name,
    ...(model.version !== null && { versions: { include: [model.version] } }),
    given: [...given].filter(([, list]) => list.length > 0).map(([input, list]) => ({ input, rows: list })),
    expect: { rows: expected },
    ...(now !== null && { overrides: { now } }),
  };
  return stringify({ version: 2, unit_tests: [entry] }, { lineWidth: 0, flowCollectionPadding: false });
}

function modelNamed({ parsed: { graph } }: OpenProject, name: string): ModelNode {
  const models = [...graph.nodes.values()].filter((node) => node.resourceType === "model");
  const found = models.find((node) => goesBy(node, name));
  if (found) return found;
  const hint = didYouMean(name, models.map(nameWithVersion));
  throw new UsageError("NODE_UNKNOWN", `no model is named "${name}"`, hint);
}
