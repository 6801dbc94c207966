import type { Command } from "../command.ts";

export type CompletionArgs = { readonly shell?: "bash" | "zsh" | "fish" };

export const completion: Command<CompletionArgs> = {
  name: "completion [shell]",
  describe: "Print a script that completes commands, options and names: models completion bash >> ~/.bashrc",
  options: {},
  positionals: {
    shell: {
      describe: "bash, zsh or fish; else the one of $SHELL",
      type: "string",
      choices: ["bash", "zsh", "fish"],
    },
  },
  needsProject: false,
  async run({ shell }, { effects }) {
    const { scripts } = await import("../complete/scripts.ts");
    const usual = (["zsh", "fish"] as const).find((name) => effects.env["SHELL"]?.endsWith(name)) ?? "bash";
    effects.stdout.write(scripts[shell ?? usual]);
    return 0;
  },
};
