import { millisecondsOf } from "../../base/instants.ts";
import type { GraphNode } from "../../graph/types.ts";
import type { Fingerprint } from "./fingerprint.ts";

/** What the warehouse remembers of the last time that a node was built, or a test passed. */
export type BuildRecord = {
  /** Another one each time. */
  readonly buildId: string;
  /** null: it was begun, and nobody knows how it ended. */
  readonly sql: string | null;
  readonly settings: string | null;
  /** What each input was then: build ids of parents by unique id, vintages by `landing:<dataset>`, the newest batch under `batch`. */
  readonly inputs: Readonly<Record<string, string>>;
  /** Milliseconds since 1970. */
  readonly builtAt: number;
};

/** Why a node is built. `what` names it: an input, a function. */
export type Reason = {
  readonly kind:
    | "refresh"
    | "new"
    | "missing"
    | "unfinished"
    | "sql"
    | "settings"
    | "input"
    | "parent"
    | "uncertain"
    | "unversioned"
    | "always"
    | "age";
  readonly what: string;
};

export type Candidate = {
  readonly node: GraphNode;
  readonly fingerprint: Fingerprint;
  /** Build ids, vintages and the newest batch as they are now; null: nobody knows. */
  readonly inputs: ReadonlyMap<string, string | null>;
  /** Names of sources that have no vintages. */
  readonly unversioned: readonly string[];
  /** Whether its relation is there, and its files where it has some; true of tests. */
  readonly exists: boolean;
  readonly record: BuildRecord | null;
};

/** `building`: unique ids that are built in this run. Reasons, the most telling first; none: it is as it would be. */
export function reasonsToBuild(
  { node, fingerprint, inputs, unversioned, exists, record }: Candidate,
  building: ReadonlySet<string>,
  nameOf: (input: string) => string,
  now: number,
): Reason[] {
  const changed = node.resourceType === "seed" ? "auto" : node.config.changed;
  if (changed === "always") return [{ kind: "always", what: "changed: always" }];
  if (record === null) return [{ kind: "new", what: "" }];
  if (!exists) return [{ kind: "missing", what: "" }];
  if (record.sql === null) return [{ kind: "unfinished", what: "" }];
  const reasons: Reason[] = [];
  const because = (kind: Reason["kind"], what = ""): void => void reasons.push({ kind, what });
  if (record.sql !== fingerprint.sql) because("sql");
  if (record.settings !== fingerprint.settings) because("settings");
  for (const [input, version] of inputs) {
    if (building.has(input)) because("parent", nameOf(input));
    else if (version === null) {
      if (changed === "auto") because("unversioned", nameOf(input));
    } else if (record.inputs[input] !== version) because("input", nameOf(input));
  }
  if (typeof changed === "object") {
    const age = now - record.builtAt;
    if (age >= millisecondsOf(changed.every)) because("age");
  }
  if (changed === "auto") {
    if (fingerprint.uncertain !== null) because("uncertain", fingerprint.uncertain);
    for (const name of unversioned) because("unversioned", name);
  }
  return reasons;
}

/** A reason as a person is told it. */
export function reasonText({ kind, what }: Reason): string {
  switch (kind) {
    case "refresh":
      return "everything is built anew (--full-refresh)";
    case "new":
      return "nothing is known of an earlier build";
    case "missing":
      return "its relation is gone, or its files are";
    case "unfinished":
      return "its last build did not end well, or was of a part alone (--empty, --sample, --event-time-start)";
    case "sql":
      return "its SQL is another";
    case "settings":
      return "its configuration is another";
    case "input":
      return `${what} has changed since`;
    case "parent":
      return `${what} is built too`;
    case "uncertain":
      return `it uses ${what}, which may give something else each time`;
    case "unversioned":
      return `nobody knows whether ${what} has changed`;
    case "always":
      return "its configuration says changed: always";
    case "age":
      return "its last build is older than its configuration allows";
  }
}
