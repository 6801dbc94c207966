import { UsageError } from "../../base/errors.ts";

/** One term of a selector: `2+tag:nightly+1`. Depth null: however far. */
export type Criterion = {
  readonly raw: string;
  /** As written, or the one that the value's form asks for. */
  readonly method: string;
  /** What follows the method behind dots: `config.meta.owner` has `["meta", "owner"]`. */
  readonly arguments: readonly string[];
  readonly value: string;
  /** `@x`: x, its descendants, and all ancestors of those. */
  readonly childrensParents: boolean;
  readonly parents: { readonly depth: number | null } | null;
  readonly children: { readonly depth: number | null } | null;
};

/** What was typed between two spaces: all its criteria must hold. */
export type Token = { readonly raw: string; readonly criteria: readonly Criterion[] };

const grammar =
  /^(?<at>@)?(?:(?<up>\d*)(?<upPlus>\+))?(?:(?<method>[\w.]+):)?(?<value>.*?)(?:(?<downPlus>\+)(?<down>\d*))?$/;

/**
 * Reads the values of `--select` or `--exclude`: spaces make a union, commas an intersection.
 * A term that cannot be read is a {@link UsageError}.
 */
export function parseTokens(values: readonly string[]): Token[] {
  // A name with spaces in it stands between double quotes.
  const words = values.flatMap((value) => value.match(/(?:"[^"]*"|[^\s"]|"(?=[^"]*$))+/g) ?? []);
  return words
    .map((word) => word.replaceAll(/"([^"]*)"/g, "$1"))
    .map((raw) => ({ raw, criteria: raw.split(",").map(parseCriterion) }));
}

export function parseCriterion(raw: string): Criterion {
  const groups = grammar.exec(raw)?.groups;
  if (groups === undefined) throw new UsageError("SELECTOR_INVALID", `the selector "${raw}" cannot be read`);
  const { at, up, upPlus, method, value = "", downPlus, down } = groups;
  if (at !== undefined && downPlus !== undefined) {
    throw new UsageError(
      "SELECTOR_INVALID",
      `the selector "${raw}" has "@" in front and "+" behind`,
      '"@x" already holds all descendants of x: leave the "+" out',
    );
  }
  const [name = "", ...rest] = method === undefined ? [defaultMethod(value)] : method.split(".");
  return {
    raw,
    method: name,
    arguments: rest,
    value,
    childrensParents: at !== undefined,
    parents: upPlus === undefined ? null : { depth: depthOf(up) },
    children: downPlus === undefined ? null : { depth: depthOf(down) },
  };
}

const depthOf = (digits: string | undefined): number | null => (digits ? Number(digits) : null);

/** What a value without a method means: a path, a file name, or the name of a node. */
function defaultMethod(value: string): "path" | "file" | "fqn" {
  if (/[/\\]/.test(value)) return "path";
  return /\.(?:sql|py|csv)$/i.test(value) ? "file" : "fqn";
}
