import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { generateTypes } from "../../api/generate-types.ts";
import { UsageError } from "../../base/errors.ts";
import { diskError } from "../../base/files.ts";
import { isDevice, writeNamedFile } from "../../base/named-file.ts";
import { plural } from "../../base/text.ts";
import type { CommandContext } from "../command.ts";
import { openFrom } from "../open.ts";
import { selectionOf } from "../options.ts";
import { warn } from "../print/warn.ts";
import type { GenerateTypesArgs } from "./generate-types.ts";

export async function runGenerateTypes(args: GenerateTypesArgs, { effects }: CommandContext): Promise<0 | 1> {
  const { output, check, zod, dates, quiet } = args;
  if (check && output === undefined)
    throw new UsageError(
      "ARGUMENT_MISSING",
      "--check needs the file that is checked",
      "models generate types --check --output src/marts.ts",
    );
  const open = await openFrom(args, effects);
  const { text, relations, warnings } = await generateTypes(open, selectionOf(args), { zod, dates });
  warn(effects, warnings, args);
  if (output === undefined) {
    effects.stdout.write(text);
    return 0;
  }
  const path = resolve(effects.cwd, output);
  const before = readIfThere(path);
  if (check && before !== text) {
    const what = before === null ? "is not there" : "is not what the project says";
    effects.stderr.write(`${output} ${what}: models generate types --output ${output}\n`);
    return 1;
  }
  if (before !== text) writeNamedFile(path, text);
  if (!quiet) {
    const done = check ? "is up to date" : before === text ? "is as it was" : "written";
    effects.stdout.write(`${output} ${done}: ${plural(relations, "type")}\n`);
  }
  return 0;
}

function readIfThere(path: string): string | null {
  if (!existsSync(path) || isDevice(path)) return null;
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw diskError(`cannot read ${path}`, error);
  }
}
