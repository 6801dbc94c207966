import type { Options } from "yargs";
import type { DiskThread } from "../artifacts/beside/disk-thread.ts";
import type { Effects } from "../base/effects.ts";

/** What a command is given: its arguments, the world, and a signal that Ctrl-C aborts. */
export type CommandContext = {
  readonly effects: Effects;
  readonly signal: AbortSignal;
  /** Reads the project already; stopped when the command is done. */
  readonly disk?: DiskThread | undefined;
};

/** A command as a declaration; the body is loaded when it runs. `run` returns the exit code: 0 all well, 1 something failed. */
export type Command<Args = Record<string, unknown>> = {
  /** `show`, `source freshness`, `init [name]` */
  readonly name: string;
  /** Other names that people know it by. */
  readonly aliases?: readonly string[];
  readonly describe: string;
  readonly options: Readonly<Record<string, Options>>;
  readonly positionals?: Readonly<
    Record<
      string,
      {
        readonly describe: string;
        readonly type: "string";
        readonly default?: string;
        readonly choices?: readonly string[];
      }
    >
  >;
  /** false: the command needs no project, and takes none of the options about one. */
  readonly needsProject?: false;
  /** true: the command reads all of the project, so that another thread may begin with that while this one loads its code. */
  readonly readsAll?: true;
  readonly run: (args: Args, context: CommandContext) => Promise<0 | 1>;
};
