import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { openAdapter } from "../../runner/adapters/open.ts";
import type { Target } from "../../runner/project/types.ts";
import { argumentsFor } from "../support/script.ts";

const ROWS = 20_000;

/** The seed of `build-in-child.ts`, one generation like its models. */
export const writeCodes = (path: string): void =>
  writeFileSync(path, `id,generation\n${Array.from({ length: ROWS }, (_, i) => `${i},7`).join("\n")}\n`);

/** Starts the builder, which prints a line after each generation. */
export function startBuilder(target: Target, csv: string, ...more: string[]): ChildProcess {
  const script = join(import.meta.dirname, "build-in-child.ts");
  return spawn(process.execPath, [...argumentsFor(script), JSON.stringify(target), csv, ...more], {
    stdio: ["ignore", "pipe", "inherit"],
  });
}

/** Each relation holds one generation, whole; nothing else is there. */
export async function wholeIn(target: Target): Promise<void> {
  await using db = await openAdapter(target);
  const session = await db.session();
  const relations = await session.listRelations("shop");
  assert.deepEqual(Array.from(relations.keys()).toSorted(), [
    "changing",
    "codes",
    "merged",
    "replaced",
    "whole",
  ]);
  for (const name of relations.keys()) {
    const { rows } = await session.query(
      `select count(*), count(distinct id), count(distinct generation) from shop.${name}`,
    );
    assert.deepEqual(rows, [[String(ROWS), String(ROWS), "1"]], name);
  }
}
