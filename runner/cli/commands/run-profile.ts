import { profileNode } from "../../api/profile-node.ts";
import type { CommandContext } from "../command.ts";
import { openFrom } from "../open.ts";
import { profileText } from "../print/profile-text.ts";
import type { ProfileArgs } from "./profile.ts";

export async function runProfile(args: ProfileArgs, { effects }: CommandContext): Promise<0> {
  const open = await openFrom(args, effects);
  const profile = await profileNode(open, args.relation);
  effects.stdout.write(
    args.output === "json"
      ? `${JSON.stringify({ relation: args.relation, ...profile }, null, 2)}\n`
      : profileText(profile),
  );
  return 0;
}
