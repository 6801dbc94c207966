import { showRows } from "../../api/show-rows.ts";
import { UsageError } from "../../base/errors.ts";
import { formatTable, plural } from "../../base/text.ts";
import type { CommandContext } from "../command.ts";
import { openFrom } from "../open.ts";
import { selectionOf } from "../options.ts";
import { warn } from "../print/warn.ts";
import type { ShowArgs } from "./show.ts";

export async function runShow(args: ShowArgs, { effects, signal }: CommandContext): Promise<0> {
  if (!Number.isInteger(args.limit))
    throw new UsageError("LIMIT_INVALID", "--limit takes a whole number", "-1 shows all rows");
  const open = await openFrom(args, effects);
  const { name, table } = await showRows(open, {
    ...selectionOf(args),
    inline: args.inline,
    limit: args.limit,
    signal,
    onCopy: () =>
      warn(
        effects,
        [
          {
            code: "PUBLISHED_COPY",
            message: "another process holds the warehouse: these rows are those of its published copy",
          },
        ],
        args,
      ),
  });
  const names = table.columns.map((column) => column.name);
  if (args.output === "json") {
    const show = table.rows.map((row) => Object.fromEntries(names.map((column, i) => [column, row[i]])));
    effects.stdout.write(`${JSON.stringify({ node: name, show }, null, 2)}\n`);
    return 0;
  }
  effects.stdout.write(`${formatTable(names, table.rows)}\n`);
  if (!args.quiet) effects.stderr.write(`${plural(table.rows.length, "row")} of ${name}\n`);
  return 0;
}
