import { isObject } from "../../base/json.ts";
import type { JsonObject } from "../../base/json.ts";
import { didYouMean } from "../../base/nearest.ts";
import type { Problem } from "../../base/problems.ts";
import type { SelectorFile } from "../../project/read-selectors.ts";
import type { Path, YamlFile } from "../../project/yaml.ts";
import { readDefinition } from "./read-definition.ts";
import type { Report } from "./read-definition.ts";
import type { NamedSelector, NamedSelectors, Term } from "./term.ts";
import { wildcard } from "./wildcards.ts";

/** The selectors of `selectors.yml`, with everything that is wrong with them: names twice, circles, definitions that cannot be read. */
export function namedSelectors({ entries, yaml }: SelectorFile): {
  readonly selectors: NamedSelectors;
  readonly problems: readonly Problem[];
} {
  const problems: Problem[] = [];
  const selectors = new Map<string, NamedSelector>();
  const report = reporter(yaml, problems);
  entries.forEach((entry, i) => {
    const at: Path = ["selectors", i];
    if (selectors.has(entry.name))
      report([...at, "name"], "NAME_DUPLICATE", `two selectors are named "${entry.name}"`, "rename one");
    if (entry.default && [...selectors.values()].some(({ isDefault }) => isDefault))
      report([...at, "default"], "SELECTOR_INVALID", "two selectors are the default", "keep one of them");
    const term = readDefinition(entry.definition, [...at, "definition"], report);
    if (term === undefined) return;
    selectors.set(entry.name, {
      name: entry.name,
      description: entry.description,
      isDefault: entry.default,
      term,
      definition: isObject(entry.definition) ? (entry.definition as JsonObject) : String(entry.definition),
    });
  });
  entries.forEach(({ name }, i) => checkInherited(name, i, selectors, report));
  return { selectors, problems };
}

const reporter =
  (yaml: YamlFile, problems: Problem[]): Report =>
  (path, code, message, hint) => {
    const { file, line, column } = yaml.placeOf(path);
    problems.push({ file, line, column, code, message, ...(hint && { hint }) });
  };

/** What a selector inherits from must be there, and must not lead back to it. */
function checkInherited(name: string, index: number, selectors: NamedSelectors, report: Report): void {
  const at: Path = ["selectors", index, "definition"];
  const visit = (current: string, way: readonly string[]): void => {
    const term = selectors.get(current)?.term;
    for (const wanted of term ? inheritedBy(term) : []) {
      const matches = wildcard(wanted);
      const found = [...selectors.keys()].filter((other) => matches(other));
      if (found.length === 0 && way.length === 1) {
        const hint = didYouMean(wanted, selectors.keys());
        report(at, "SELECTOR_UNKNOWN", `no selector is named "${wanted}"`, hint);
      }
      for (const next of found) {
        if (next === name) {
          const circle = [...way, next].join(" → ");
          report(
            at,
            "CYCLE",
            `selectors refer to each other in a circle: ${circle}`,
            "one of them has to go",
          );
        } else if (!way.includes(next)) visit(next, [...way, next]);
      }
    }
  };
  visit(name, [name]);
}

function inheritedBy(term: Term): readonly string[] {
  if (term.kind === "criterion") return term.criterion.method === "selector" ? [term.criterion.value] : [];
  return (term.kind === "difference" ? [term.from, ...term.without] : term.terms).flatMap(inheritedBy);
}
