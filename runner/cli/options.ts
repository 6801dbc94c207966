/** Options that recur, written once. */
export const selection = {
  select: {
    alias: ["s", "m"],
    type: "string",
    array: true,
    default: [] as string[],
    describe: "What: names, +parents, children+, tag:, path:, source:, config.x:",
  },
  exclude: { type: "string", array: true, default: [] as string[], describe: "What not, in the same words" },
} as const;

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
  "target-path": { type: "string", describe: "Folder for artifacts, inside the project [default: target]" },
  quiet: { alias: "q", type: "boolean", default: false, describe: "Say only what went wrong" },
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
  readonly quiet: boolean;
  readonly "log-format": "text" | "json";
};
