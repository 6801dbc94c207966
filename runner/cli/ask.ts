import { createInterface } from "node:readline/promises";
import { OperationError, UsageError } from "../base/errors.ts";

export type Question<T> = {
  readonly text: string;
  /** What an empty answer means. */
  readonly usual: string;
  /** What the answer says; a UsageError is told, and the question asked again. */
  readonly read: (answer: string) => T;
};
export type Asker = {
  ask<T>(question: Question<T>): Promise<T>;
  close(): void;
};

/** Asks at a terminal. Ctrl-C and Ctrl-D are no answers: they stop the command. */
export function createAsker(streams: {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
}): Asker {
  const terminal = createInterface(streams);
  const stop = new AbortController();
  terminal.once("SIGINT", () => stop.abort());
  terminal.once("close", () => stop.abort());
  const cancelled = (): OperationError => new OperationError("CANCELLED", "stopped: nothing was made");
  return {
    async ask({ text, usual, read }) {
      for (;;) {
        const shown = usual === "" ? `${text}: ` : `${text} [${usual}]: `;
        const given = await terminal.question(shown, { signal: stop.signal }).catch((error: unknown) => {
          throw stop.signal.aborted ? cancelled() : error;
        });
        try {
          return read(given.trim() || usual);
        } catch (error) {
          if (!(error instanceof UsageError)) throw error;
          streams.output.write(`  ${error.message}${error.hint === undefined ? "" : `: ${error.hint}`}\n`);
        }
      }
    },
    close: () => terminal.close(),
  };
}
