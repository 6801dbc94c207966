import { realEffects } from "../runner/base/effects.ts";
import { main } from "../runner/cli/main.ts";

/** All that the command is: as modules that are loaded when they are needed, and as one script. */
export const run = (argv: readonly string[]): Promise<0 | 1 | 2> => main(argv, realEffects());
