import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { chmodSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { before, describe, test } from "node:test";
import { makeProject } from "../support/models.ts";
import { modelsCommand, withoutTerminal } from "../support/spawn-models.ts";
import { tempFolder } from "../support/temp.ts";

const cwd = makeProject({
  "sql_project.yaml":
    "name: shop\ntarget: dev\ntargets:\n  dev: {type: duckdb, path: w.duckdb}\n  production: {type: duckdb, path: p.duckdb}\n",
  "models/stg_orders.sql": "select 1 as id",
  "models/stg_people.sql": "select 1 as id",
  "seeds/codes.csv": "id\n1\n",
  "a folder/notes.txt": "",
});

/** What is typed before the key, and what stands there after it. */
const lines: readonly (readonly [string, string])[] = [
  ["models run --select stg_or", "models run --select stg_orders"],
  ["models ls -s tag:x,access:pub", "models ls -s tag:x,access:public"],
  ["models docs gener", "models docs generate"],
  ["models build --full-ref", "models build --full-refresh"],
  ["models run --target prod", "models run --target production"],
  ["models run --project-dir a", "models run --project-dir a folder"],
];

const installed = (shell: string): string | false => {
  try {
    execFileSync(shell, ["-c", "exit"]);
    return false;
  } catch {
    return `there is no ${shell} to complete in: install it`;
  }
};

const bin = tempFolder();
before(() => {
  const line = modelsCommand.map((word) => `'${word}'`).join(" ");
  writeFileSync(join(bin, "models"), `#!/bin/sh\nexec '${process.execPath}' ${line} "$@"\n`);
  chmodSync(join(bin, "models"), 0o755);
});
const env = {
  ...process.env,
  PATH: `${bin}${delimiter}${process.env["PATH"]}`,
  TERM: "xterm",
  HOME: tempFolder(),
  PS1: "$ ",
};

/** Types into a shell at a terminal, the next line when the last one has said what it shall; gives what was shown. */
function type(shell: string, typed: readonly (readonly [keys: string, until: string])[]): Promise<string> {
  const child = spawn("script", ["-qefc", shell, "/dev/null"], {
    cwd,
    env,
    stdio: ["pipe", "pipe", "inherit"],
  });
  const limit = setTimeout(() => child.kill("SIGKILL"), 60_000);
  const left = [...typed];
  let shown = "";
  let from = 0;
  const next = (): void => {
    const [keys] = left[0] ?? [];
    if (keys === undefined) child.stdin.end("\u0015exit\n");
    else child.stdin.write(keys);
  };
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", () => {
      clearTimeout(limit);
      resolve(shown);
    });
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      shown += stripVTControlCharacters(text);
      const [, until] = left[0] ?? [];
      if (until === undefined || !shown.includes(until, from)) return;
      from = shown.length;
      left.shift();
      next();
    });
    next();
  });
}

for (const [shell, command] of [
  ["bash", "bash --norc --noprofile -i"],
  ["zsh", "zsh -f -i"],
] as const) {
  test(`${shell} completes at a key`, { skip: withoutTerminal || installed(shell) }, async () => {
    const ready: [string, string] = [`source <(models completion ${shell}); echo rea''dy\n`, "ready"];
    const vi = shell === "zsh" ? "bindkey -e; " : "";
    // To the start of the line, and say what stands there.
    const keys = lines.map(([typed], i): [string, string] => [
      `${typed}\t\u0001: ${i}; echo '<' \u0005 '>'; echo en''d${i}\n`,
      `end${i}`,
    ]);
    const shown = await type(command, [[`${vi}true\n`, "true"], ready, ...keys]);
    for (const [typed, expected] of lines)
      // zsh takes the slash of a folder away again.
      assert.ok(
        shown.replaceAll("/ >", " >").includes(`< ${expected} >`),
        `${typed} → ${expected}\n${shown}`,
      );
    const listed = await type(command, [ready, ["models run --select stg_\t\t", "stg_people"]]);
    assert.match(listed, /stg_orders\s+stg_people|stg_people\s+stg_orders/);
    assert.doesNotMatch(listed, /--  /);
  });
}

describe("fish", { skip: installed("fish") }, () => {
  test("completes", () => {
    const script = lines
      .slice(0, -1)
      .map(([typed]) => `complete -C '${typed}'; echo ==`)
      .join("; ");
    const out = execFileSync("fish", ["--no-config", "-c", `models completion fish | source; ${script}`], {
      cwd,
      env,
      encoding: "utf8",
    });
    const found = out
      .split("==\n")
      .slice(0, -1)
      .map((text) =>
        text
          .trim()
          .split("\n")
          .map((line) => line.split("\t")[0]),
      );
    assert.deepEqual(
      found,
      lines.slice(0, -1).map(([, expected]) => [expected.split(" ").at(-1)]),
    );
  });
});
