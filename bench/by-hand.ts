import { DuckDBInstance } from "@duckdb/node-api";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

type Result = {
  readonly unique_id: string;
  readonly compiled_code: string | null;
  readonly timing: readonly { readonly started_at: string }[];
};
type Manifest = {
  readonly nodes: Readonly<
    Record<
      string,
      { readonly package_name: string; readonly original_file_path: string; readonly resource_type: string }
    >
  >;
  readonly parent_map: Readonly<Record<string, readonly string[]>>;
};

/**
 * Sends the statements of a project's last build to a new warehouse: in the same order, on as many connections, each once what it reads is
 * there. Returns wall milliseconds, opening and closing the warehouse included.
 */
export async function sendByHand(project: string, threads: number): Promise<number> {
  const target = join(project, "target");
  const manifest = JSON.parse(readFileSync(join(target, "manifest.json"), "utf8")) as Manifest;
  const { results } = JSON.parse(readFileSync(join(target, "run_results.json"), "utf8")) as {
    results: readonly Result[];
  };
  const ordered = results.toSorted((a, b) => (startOf(a) < startOf(b) ? -1 : 1));
  const statements = ordered.map((result) => ({
    id: result.unique_id,
    sql: statementsOf(project, manifest, result),
  }));
  const path = join(project, "data", "by-hand.duckdb");
  for (const file of [path, `${path}.wal`]) rmSync(file, { force: true });

  const begin = performance.now();
  const instance = await DuckDBInstance.create(path);
  const finished = new Map(statements.map(({ id }) => [id, withResolvers()]));
  let next = 0;
  const work = async (): Promise<void> => {
    const connection = await instance.connect();
    for (let one = statements[next++]; one !== undefined; one = statements[next++]) {
      for (const parent of manifest.parent_map[one.id] ?? []) await finished.get(parent)?.promise;
      await connection.run(one.sql);
      finished.get(one.id)!.resolve();
    }
    connection.closeSync();
  };
  await Promise.all(Array.from({ length: threads }, work));
  instance.closeSync();
  return performance.now() - begin;
}

const startOf = ({ timing }: Result): string => timing[0]?.started_at ?? "";

/** As `target/run` holds them; a seed is one COPY, a test the query that counts. */
function statementsOf(
  project: string,
  manifest: Manifest,
  { unique_id: id, compiled_code: code }: Result,
): string {
  const node = manifest.nodes[id]!;
  if (node.resource_type === "test") {
    return `select count(*) as failures, count(*) != 0 as should_warn, count(*) != 0 as should_error\nfrom (\n${code}\n) dbt_internal_test`;
  }
  const name = id.split(".").at(-1)!;
  if (node.resource_type === "seed") {
    return `create table "${name}" as from read_csv('${join(project, node.original_file_path).replaceAll("'", "''")}')`;
  }
  const sent = join(project, "target", "run", node.package_name, node.original_file_path);
  if (!existsSync(sent)) throw new Error(`${sent} is not there: build the project first`);
  return readFileSync(sent, "utf8");
}

type PromiseWithResolvers = { readonly promise: Promise<void>; readonly resolve: () => void };

function withResolvers(): PromiseWithResolvers {
  let resolve = (): void => {};
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve };
}
