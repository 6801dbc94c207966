import assert from "node:assert/strict";
import { models } from "./models.ts";

/** A command that is refused: exit code and the whole of what it says on standard error. */
export async function refused(
  cwd: string,
  words: readonly string[],
  code: 1 | 2,
  says: RegExp,
): Promise<void> {
  const ran = await models(cwd, words);
  assert.equal(ran.code, code, ran.out + ran.err);
  assert.match(ran.err, says);
  assert.doesNotMatch(ran.err, /INTERNAL|\n {4}at /);
}
