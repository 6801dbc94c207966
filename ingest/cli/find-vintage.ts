import { UsageError } from "../../runner/base/errors.ts";
import { didYouMean } from "../../runner/base/nearest.ts";
import { printable } from "../../runner/base/text.ts";
import type { Vintage } from "../../runner/project/landing.ts";

/** A vintage by its name or by a beginning that only it has: `2025-04-04`. */
export function findVintage(vintages: readonly Vintage[], word: string): Vintage {
  const exact = vintages.find(({ vintage }) => vintage === word);
  const found = exact ? [exact] : vintages.filter(({ vintage }) => vintage.startsWith(word));
  if (found.length === 1) return found[0]!;
  const names = vintages.map(({ vintage }) => vintage);
  const many = found.length > 1;
  throw new UsageError(
    many ? "VINTAGE_AMBIGUOUS" : "VINTAGE_UNKNOWN",
    many ? `several vintages begin with "${printable(word)}"` : `there is no vintage "${printable(word)}"`,
    (many ? undefined : didYouMean(word, names)) ?? `it has ${names.join(", ")}`,
  );
}
