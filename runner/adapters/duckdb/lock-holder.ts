import { execFileSync } from "node:child_process";
import { printable } from "../../base/text.ts";

const known = new Map<string, string | undefined>();

/** `node dist/models.cjs build, since 2026-01-31T12:00:00.000Z` for a process, where the system tells. Asked once a process. */
export function lockHolder(pid: string): string | undefined {
  if (!known.has(pid)) known.set(pid, ask(pid));
  return known.get(pid);
}

function ask(pid: string): string | undefined {
  try {
    const text = execFileSync("ps", ["-ww", "-o", "lstart=,args=", "-p", pid], {
      encoding: "utf8",
      env: { PATH: process.env["PATH"], LC_ALL: "C", TZ: "UTC" },
      stdio: ["ignore", "pipe", "ignore"],
      timeout: 2000,
    });
    const [, since = "", command = ""] = /^\s*(\w+ \w+ +\d+ [\d:]+ \d+) +(.*)/.exec(text) ?? [];
    const words = printable(command.trim());
    const shown = words.length > 160 ? `${words.slice(0, 160)}…` : words;
    return `${shown}, since ${new Date(`${since} UTC`).toISOString()}`;
  } catch {
    return undefined;
  }
}
