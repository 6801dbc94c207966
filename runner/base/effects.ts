import { OperationError } from "./errors.ts";

/** What a command does to the world besides files and databases. Tests pass a recording one. */
export type Effects = {
  readonly now: () => Date;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** What was asked for: tables, JSON, SQL. */
  readonly stdout: Sink;
  /** What is said about the work: progress, warnings, errors. */
  readonly stderr: Sink;
  /** Ctrl-C: who only reads waits no longer, neither for a server to answer nor for a query to end. */
  readonly signal?: AbortSignal;
};

export type Sink = {
  write(text: string): void;
  /** Whether a person is looking: decides colours and moving bars. */
  readonly isTerminal: boolean;
  /** In characters; 80 when nobody knows. */
  readonly width: number;
  /** Why something could not be written; nothing is, from there on. */
  readonly failure?: Error | undefined;
};

/** Node forgets what went wrong with a file as soon as it has said so. */
const failures = new WeakMap<NodeJS.WriteStream, Error>();

function sink(stream: NodeJS.WriteStream): Sink {
  // Once, however often a program asks for it.
  if (!stream.listeners("error").includes(noteFailure)) stream.on("error", noteFailure);
  const failure = (): Error | undefined => failures.get(stream) ?? stream.errored ?? undefined;
  return {
    write: (text) => void (stream.writable && !failure() && stream.write(text)),
    get failure() {
      // Whoever reads may stop reading (`models ls | head`): what they do not want is no failure.
      const error: NodeJS.ErrnoException | undefined = failure();
      return error?.code === "EPIPE" ? undefined : error;
    },
    get isTerminal() {
      return stream.isTTY === true;
    },
    get width() {
      // 0 is what a terminal says that has not been told its size.
      return stream.columns || 80;
    },
  };
}

/** A command goes on to its end; what became of its output is asked then. */
function noteFailure(this: NodeJS.WriteStream, error: Error): void {
  failures.set(this, error);
}

/** What to tell where a command's output is cut short; undefined: it is whole. */
export function unwritten({ failure }: Sink): OperationError | undefined {
  if (failure === undefined) return undefined;
  const hint = "what the command did is done, only what it says is cut short: send its output elsewhere";
  return new OperationError("DISK", `cannot write the output: ${failure.message}`, { cause: failure, hint });
}

export const realEffects = (): Effects => ({
  now: () => new Date(),
  env: process.env,
  cwd: process.cwd(),
  stdout: sink(process.stdout),
  stderr: sink(process.stderr),
});
