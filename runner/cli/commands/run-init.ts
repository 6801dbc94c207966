import { relative } from "node:path";
import { firstDataset, initProject, newProject } from "../../api/init-project.ts";
import type { FirstDataset, NewProject, Warehouse } from "../../api/init-project.ts";
import { UsageError } from "../../base/errors.ts";
import { createAsker } from "../ask.ts";
import type { CommandContext } from "../command.ts";
import type { InitArgs } from "./init.ts";

const USUAL = "my_project";

export async function runInit(args: InitArgs, { effects }: CommandContext): Promise<0> {
  const { cwd, stdout } = effects;
  // Who pipes answers in, or reads what is printed, is no person at a terminal.
  const isAsked = process.stdin.isTTY && stdout.isTerminal && !args.quiet;
  const { project, warehouse, dataset } = isAsked ? await askFor(args, cwd) : settle(args, cwd);
  initProject(project, warehouse, dataset);
  if (!args.quiet) stdout.write(`\n${nextSteps(project, warehouse, dataset, cwd)}\n`);
  return 0;
}

type Answers = {
  readonly project: NewProject;
  readonly warehouse: Warehouse;
  readonly dataset: FirstDataset | null;
};

const settle = ({ name = USUAL, warehouse = "duckdb", dataset = "" }: InitArgs, cwd: string): Answers => ({
  project: newProject(cwd, name),
  warehouse,
  dataset: firstDataset(dataset),
});

/** What was typed with the command is not asked for; all of it is checked before the first question. */
async function askFor(args: InitArgs, cwd: string): Promise<Answers> {
  const { name, warehouse, dataset } = args;
  if (name !== undefined) newProject(cwd, name);
  const known = dataset === undefined ? undefined : firstDataset(dataset);
  const asker = createAsker({ input: process.stdin, output: process.stdout });
  try {
    const project =
      name ??
      (await asker.ask({
        text: "folder and name",
        usual: USUAL,
        read: (text) => (newProject(cwd, text), text),
      }));
    return {
      project: newProject(cwd, project),
      warehouse:
        warehouse ??
        (await asker.ask({
          text: "warehouse: duckdb, a file, or postgres, a server",
          usual: "duckdb",
          read: readWarehouse,
        })),
      dataset:
        known !== undefined
          ? known
          : await asker.ask({
              text: "first dataset, as publisher/code such as eurostat/hlth_silc_13",
              usual: "none",
              read: firstDataset,
            }),
    };
  } finally {
    asker.close();
  }
}

function readWarehouse(text: string): Warehouse {
  const typed = text.toLowerCase();
  if (typed !== "" && "duckdb".startsWith(typed)) return "duckdb";
  if (typed !== "" && "postgresql".startsWith(typed)) return "postgres";
  throw new UsageError("WAREHOUSE_UNKNOWN", `"${text}" is no warehouse`, "duckdb or postgres");
}

function nextSteps(
  { folder }: NewProject,
  warehouse: Warehouse,
  dataset: FirstDataset | null,
  cwd: string,
): string {
  const shown = relative(cwd, folder) || ".";
  const lines = [
    ...(shown === "." ? [] : [`cd ${shown}`]),
    ...(warehouse === "postgres"
      ? ["export DATABASE_URL=postgres://user:password@host:5432/database", "npx models debug"]
      : []),
    "npx models build",
    ...(dataset ? [`npx ingest add ${dataset.publisher} ${dataset.code}`, "npx ingest sync"] : []),
    "npx models docs generate",
  ];
  return `made a project in ${shown}\n\nnext:\n${lines.map((line) => `  ${line}`).join("\n")}`;
}
