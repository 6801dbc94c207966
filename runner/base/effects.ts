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
};

function sink(stream: NodeJS.WriteStream): Sink {
  // Once, however often a program asks for it.
  if (!stream.listeners("error").includes(forgiveClosedPipe)) stream.on("error", forgiveClosedPipe);
  return {
    write: (text) => void (stream.writable && stream.write(text)),
    get isTerminal() {
      return stream.isTTY === true;
    },
    get width() {
      // 0 is what a terminal says that has not been told its size.
      return stream.columns || 80;
    },
  };
}

/** Whoever reads may stop reading (`models ls | head`): what they do not want is not written, and no failure. */
function forgiveClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") throw error;
}

export const realEffects = (): Effects => ({
  now: () => new Date(),
  env: process.env,
  cwd: process.cwd(),
  stdout: sink(process.stdout),
  stderr: sink(process.stderr),
});
