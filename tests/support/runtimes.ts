import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

/** A runtime that runs the sources unbuilt, and how it is told to run a file. */
export type Runtime = { readonly name: string; readonly command: string; readonly args: readonly string[] };

const packages = join(process.env["STATLOOM_TEST_RUNTIMES"] ?? "", "node_modules");

const candidates: readonly (Runtime & { readonly packaged: string })[] = [
  { name: "Node.js 22.18", command: "node", args: [], packaged: "node-22/bin/node" },
  { name: "Node.js 24", command: "node", args: [], packaged: "node-24/bin/node" },
  { name: "Bun", command: "bun", args: [], packaged: "@oven/bun-linux-x64/bin/bun" },
  { name: "Deno", command: "deno", args: ["run", "-A"], packaged: "@deno/linux-x64-glibc/deno" },
];

/** Each runtime with its program, from the folder in STATLOOM_TEST_RUNTIMES or from PATH; null where it is not on this machine. */
export const runtimes: readonly { readonly name: string; readonly found: Runtime | null }[] = candidates.map(
  (candidate) => {
    const packaged = join(packages, candidate.packaged);
    const command = existsSync(packaged) ? packaged : candidate.command;
    const version = spawnSync(command, ["--version"], { encoding: "utf8" });
    const usable = version.status === 0 && !isOldNode(version.stdout);
    return {
      name: candidate.name,
      found: usable ? { name: candidate.name, command, args: candidate.args } : null,
    };
  },
);

/** Node strips types by itself from 22.18 on. */
function isOldNode(version: string): boolean {
  const found = /^v(\d+)\.(\d+)/.exec(version);
  return found !== null && (Number(found[1]) < 22 || (Number(found[1]) === 22 && Number(found[2]) < 18));
}
