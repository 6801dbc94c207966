import type { Adapter } from "../adapters/adapter.ts";
import { cellTextOrNull } from "../adapters/cell-text.ts";
import { publishedPath } from "../adapters/publish.ts";
import { messageOf } from "../base/errors.ts";
import { packageVersion } from "../base/package-root.ts";
import type { Target } from "../project/types.ts";
import type { OpenProject } from "./open-project.ts";
import { withAdapter } from "./with-session.ts";

export type DebugReport = {
  readonly facts: readonly (readonly [string, string])[];
  readonly problem: string | null;
};

/** What would be used, and whether the warehouse answers. Holds no secret: a target's own values are paths and names. */
export async function debugProject(open: OpenProject): Promise<DebugReport> {
  const { project, parsed } = open;
  const { target } = project;
  const published = publishedPath(target);
  const counts = new Map<string, number>();
  for (const { resourceType } of parsed.graph.nodes.values())
    counts.set(resourceType, (counts.get(resourceType) ?? 0) + 1);
  const facts: (readonly [string, string])[] = [
    ["statloom", packageVersion()],
    ["runtime", runtime()],
    ["project", `${project.name} ${project.version} (${project.root})`],
    [
      "holds",
      [...counts, ["source", parsed.graph.sources.size] as const]
        .map(([kind, n]) => `${n} ${kind}${n === 1 ? "" : "s"}`)
        .join(", "),
    ],
    ["landing zone", project.landing],
    ["target", `${target.name}: ${target.type}, schema ${target.schema}, ${target.threads} threads`],
    ["warehouse", placeOf(target)],
    ...(published === undefined ? [] : [["published", published] as const]),
  ];
  try {
    const { engine, isCopy, lacked } = await withAdapter(
      target,
      open.effects.signal,
      async (adapter, copied) => ({
        engine: await adapter.version(),
        isCopy: copied,
        lacked: await lackedRights(adapter, target.schema),
      }),
    );
    const looked = "the published copy: another process holds the warehouse, and a build would wait";
    return {
      facts: [...facts, ["engine", engine], ...(isCopy ? [["looked at", looked] as const] : [])],
      problem: lacked,
    };
  } catch (error) {
    return { facts, problem: messageOf(error) };
  }
}

/** What building would fail at, in words. */
async function lackedRights(adapter: Adapter, schema: string): Promise<string | null> {
  const sql = adapter.dialect.lackedRights(schema);
  if (sql === null) return null;
  const session = await adapter.session();
  try {
    return cellTextOrNull((await session.query(sql)).rows[0]?.[0]);
  } finally {
    await session.close();
  }
}

/** Never the password. */
function placeOf(target: Target): string {
  if (target.type === "duckdb") return target.path;
  const { user, host, port, database, tls } = target.connection;
  return `${user}@${host}:${port}/${database} (sslmode ${tls.mode})`;
}

function runtime(): string {
  const { bun, deno } = process.versions as Record<string, string | undefined>;
  if (bun !== undefined) return `Bun ${bun}`;
  return deno === undefined ? `Node.js ${process.versions.node}` : `Deno ${deno}`;
}
