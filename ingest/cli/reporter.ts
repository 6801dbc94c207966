import { randomUUID } from "node:crypto";
import { StatloomError, messageOf } from "../../runner/base/errors.ts";
import type { JsonObject } from "../../runner/base/json.ts";
import { paintFor } from "../../runner/base/paint.ts";
import type { Paint } from "../../runner/base/paint.ts";
import { redacting } from "../../runner/base/secrets.ts";
import { printable } from "../../runner/base/text.ts";
import type { IngestEffects } from "./effects.ts";

/** Of this process: what it says in one log can be found by it. */
const RUN_ID = randomUUID();

export type OutputOptions = {
  readonly output: "text" | "json";
  readonly quiet: boolean;
  readonly logFormat: "text" | "json";
};

/** The one place that decides what goes where: results to stdout, the log to stderr, as text or as JSON. */
export type Reporter = {
  readonly paint: Paint;
  /** What was asked for: the text, or `data` as one JSON value. */
  result(text: string, data: unknown): void;
  /** A line about the work, with the facts that its JSON form carries. */
  event(event: string, text: string, facts: JsonObject): void;
  warn(text: string, facts?: JsonObject): void;
  /** `about`: the document or dataset that it happened to. */
  error(error: unknown, about?: string): void;
};

export function createReporter(effects: IngestEffects, options: OutputOptions): Reporter {
  const { stdout } = effects;
  const stderr = redacting(effects.stderr);
  const log = (level: string, event: string, facts: JsonObject): void =>
    stderr.write(
      `${JSON.stringify({ time: effects.now().toISOString(), level, event, run_id: RUN_ID, ...facts })}\n`,
    );
  const inJson = options.logFormat === "json";
  // With JSON on stdout, lines for people must not stand between.
  const lines = options.output === "json" ? stderr : redacting(stdout);
  const errorPaint = paintFor(effects, effects.stderr);
  return {
    paint: paintFor(effects, lines),
    result(text, data) {
      if (options.output === "json") stdout.write(`${JSON.stringify(data, null, 2)}\n`);
      else if (text !== "") stdout.write(`${text}\n`);
    },
    event(event, text, facts) {
      if (options.quiet) return;
      if (inJson) log("info", event, facts);
      else lines.write(`${text}\n`);
    },
    warn(text, facts = {}) {
      if (inJson) log("warn", "warning", { message: text, ...facts });
      else stderr.write(`${errorPaint.yellow("warning")} ${text}\n`);
    },
    error(error, about) {
      const facts = { ...errorFacts(error), ...(about !== undefined && { about }) };
      if (inJson) log("error", "error", facts);
      else stderr.write(`${errorText(error, errorPaint, about)}\n`);
    },
  };
}

/** An error as JSON; the stack only where it is a bug of ours. */
export function errorFacts(error: unknown): JsonObject {
  if (!(error instanceof StatloomError)) {
    return { code: "BUG", message: messageOf(error), stack: (error as Error | null)?.stack ?? "" };
  }
  const hint = hintOf(error);
  return { code: error.code, message: error.message, ...(hint !== undefined && { hint }) };
}

function errorText(error: unknown, paint: Paint, about: string | undefined): string {
  if (!(error instanceof StatloomError)) {
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return `${paint.red("error")} BUG this should not happen; please report it with the lines below\n${stack}`;
  }
  // A message with places has its codes and hints in it already.
  if (error.code === "PROJECT_INVALID" || error.code === "DOCUMENT_REFUSED") return error.message;
  const hint = hintOf(error);
  const message = error.message.split("\n").map(printable).join("\n");
  const subject = about === undefined ? "" : `${printable(about)}: `;
  return `${paint.red("error")} ${error.code} ${subject}${message}${hint === undefined ? "" : `\n    ${printable(hint)}`}`;
}

function hintOf(error: StatloomError): string | undefined {
  return "hint" in error && typeof error.hint === "string" ? error.hint : undefined;
}

export const exitCodeOf = (error: unknown): 1 | 2 => (error instanceof StatloomError ? error.exitCode : 2);
