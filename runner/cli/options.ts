import type { Selection } from "../api/select-nodes.ts";

/** Options that recur, written once. */
export const selection = {
  select: {
    alias: ["s", "m", "models"],
    type: "string",
    array: true,
    default: [] as string[],
    describe: "What: names, +parents, children+, tag:, path:, source:, config.x:",
  },
  exclude: { type: "string", array: true, default: [] as string[], describe: "What not, in the same words" },
  selector: { type: "string", describe: "A selector of selectors.yml, instead of --select and --exclude" },
  "indirect-selection": {
    type: "string",
    choices: ["eager", "cautious", "buildable", "empty"] as const,
    describe: "Which tests of selected nodes come along: any parent selected, all, all built or above, none",
  },
} as const;

const kinds = ["model", "seed", "snapshot", "test", "unit_test", "source", "exposure"] as const;

/** dbt's words for what its commands take by themselves, which is all that there is here. */
const EVERY = ["default", "all"] as const;

/** Of commands that work on several kinds of node. */
export const resourceTypes = {
  "resource-type": {
    type: "string",
    array: true,
    default: [] as string[],
    choices: [...kinds, ...EVERY] as const,
    describe: "Only these kinds",
  },
  "exclude-resource-type": {
    type: "string",
    array: true,
    default: [] as string[],
    choices: kinds,
    describe: "All but these kinds",
  },
} as const;

export type SelectionArgs = {
  readonly select: string[];
  readonly exclude: string[];
  readonly selector?: string;
  readonly "indirect-selection"?: Selection["indirectSelection"];
  readonly "resource-type"?: string[];
  readonly "exclude-resource-type"?: string[];
};

const kindsOf = (asked: readonly string[] = []): readonly string[] | undefined =>
  asked.length === 0 || EVERY.some((word) => asked.includes(word)) ? undefined : asked;

/** What the options of a selection say. */
export const selectionOf = (args: SelectionArgs): Selection => ({
  select: args.select,
  exclude: args.exclude,
  selector: args.selector,
  indirectSelection: args["indirect-selection"],
  resourceTypes: kindsOf(args["resource-type"]),
  excludeResourceTypes: args["exclude-resource-type"],
});

/** Of commands that read what is not built by them. */
export const deferral = {
  defer: {
    type: "boolean",
    default: false,
    describe: "Read from the state what is not there and not selected; with --state",
  },
  "favor-state": {
    type: "boolean",
    default: false,
    describe: "With --defer: also what is there, unless it is selected",
  },
  "defer-state": { type: "string", describe: "The state to defer to, where it is another than --state" },
  "defer-target": {
    type: "string",
    describe: "The target that the state is of, where its warehouse is another one",
  },
} as const;

export type DeferArgs = {
  readonly defer?: boolean;
  readonly "favor-state"?: boolean;
  readonly "defer-state"?: string;
  readonly "defer-target"?: string;
};

export const threads = {
  type: "number",
  describe: "How many nodes at once; the target's own number unless told",
} as const;

export const output = {
  type: "string",
  choices: ["text", "json"] as const,
  default: "text" as const,
  describe: "Results as text or as one JSON document",
} as const;

/** Of every command that works on a project. */
export const globals = {
  "project-dir": { type: "string", describe: "Folder of the project; else the nearest at or above this one" },
  target: { alias: "t", type: "string", describe: "Which target of the project file" },
  vars: { type: "string", describe: "Variables as YAML: '{first_period: 2015-01-01}'" },
  state: { type: "string", describe: "Folder with the artifacts of an earlier run, to compare with" },
  "target-path": { type: "string", describe: "Folder for artifacts, inside the project [default: target]" },
  "partial-parse": {
    type: "boolean",
    default: true,
    describe: "--no-partial-parse: read and parse everything anew, whatever an earlier run has kept",
  },
  "warn-error": { type: "boolean", default: false, describe: "Warnings are errors" },
  "warn-error-options": {
    type: "string",
    describe: "Which are, by code, as YAML: '{error: all, warn: [SELECTOR_NO_MATCH], silence: []}'",
  },
  introspect: {
    type: "boolean",
    default: true,
    describe: "--no-introspect: SQL that asks the warehouse while it is compiled is an error",
  },
  quiet: {
    alias: "q",
    type: "boolean",
    default: false,
    describe: "Say only what went wrong; no warnings either, as in dbt",
  },
  "log-format": {
    type: "string",
    choices: ["text", "json"] as const,
    default: "text" as const,
    describe: "Progress for people, or a JSON object a line",
  },
} as const;

export type GlobalArgs = {
  readonly "project-dir"?: string | undefined;
  readonly target?: string | undefined;
  readonly vars?: string | undefined;
  readonly "target-path"?: string | undefined;
  readonly state?: string | undefined;
  readonly "partial-parse"?: boolean;
  readonly "warn-error"?: boolean;
  readonly "warn-error-options"?: string | undefined;
  readonly introspect?: boolean;
  readonly quiet: boolean;
  readonly "log-format": "text" | "json";
};
