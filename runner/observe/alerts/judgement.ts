import type { AlertsConfig } from "../../project/alerts-schema.ts";

export type Rule = keyof AlertsConfig["rules"];

/** What is wrong, in plain text; anything in it may come from data. */
export type Finding = {
  readonly severity: "error" | "warn";
  /** One line: `model "mart_deaths" could not be built` */
  readonly title: string;
  readonly details: string;
};

/** What a rule found of one subject; null: it looked, and all is well. */
export type Judgement = {
  readonly rule: Rule;
  /** The same from run to run: a node's unique id, `eurostat/hlth_silc_13`. */
  readonly subject: string;
  readonly finding: Finding | null;
};

/** A finding that somebody is to be told of. Instants are ISO 8601 in UTC. */
export type Alert = Finding & {
  readonly rule: Rule;
  readonly subject: string;
  /** When it was first found. */
  readonly since: string;
};

/** What one channel is told about one run. */
export type Message = {
  readonly project: string;
  /** Where it happened: `models, target dev`. */
  readonly origin: string;
  readonly at: string;
  readonly wrong: readonly Alert[];
  readonly well: readonly Alert[];
};
