import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type postgres from "postgres";

type Result = {
  readonly unique_id: string;
  readonly compiled_code: string | null;
  readonly relation_name: string | null;
  readonly timing: readonly { readonly started_at: string }[];
};
type Node = {
  readonly name: string;
  readonly package_name: string;
  readonly original_file_path: string;
  readonly resource_type: string;
};

/** The statements of a project's last build, which made everything anew, in its order, as a script for psql. */
export async function psqlScript(
  project: string,
  sql: postgres.Sql,
): Promise<{ readonly text: string; readonly statements: number }> {
  const read = (name: string): unknown => JSON.parse(readFileSync(join(project, "target", name), "utf8"));
  const { nodes } = read("manifest.json") as { nodes: Readonly<Record<string, Node>> };
  const { results } = read("run_results.json") as { results: readonly Result[] };
  const startOf = ({ timing }: Result): string => timing[0]?.started_at ?? "";
  const lines = ["create schema bench;"];
  for (const result of results.toSorted((a, b) => (startOf(a) < startOf(b) ? -1 : 1))) {
    const node = nodes[result.unique_id];
    // A unit test asks nothing of the server.
    if (node === undefined) continue;
    if (node.resource_type === "test")
      lines.push(`select count(*) as failures from (\n${result.compiled_code}\n) dbt_internal_test;`);
    else if (node.resource_type === "seed") lines.push(await seed(project, node, result.relation_name!, sql));
    else lines.push(sent(project, node));
  }
  const text = lines.join("\n");
  return { text, statements: text.match(/;$/gm)?.length ?? 0 };
}

async function seed(project: string, node: Node, relation: string, sql: postgres.Sql): Promise<string> {
  const columns = await sql`select quote_ident(attname) || ' ' || format_type(atttypid, atttypmod) as it
    from pg_attribute where attrelid = ${relation}::regclass and attnum > 0 order by attnum`;
  const path = join(project, node.original_file_path).replaceAll("'", "''");
  return `create table ${relation} (${columns.map((column) => String(column["it"])).join(", ")});
\\copy ${relation} from '${path}' (format csv, header)
analyze ${relation};`;
}

/** What is one of several in its file has a folder of that name; an ephemeral model has sent nothing. */
function sent(project: string, { package_name: owner, original_file_path: path, name }: Node): string {
  const place = join(project, "target", "run", owner, path);
  const file = [place, join(place, `${name}.sql`)].find(
    (each) => existsSync(each) && statSync(each).isFile(),
  );
  return file === undefined ? "" : readFileSync(file, "utf8");
}
