import assert from "node:assert/strict";
import { test } from "node:test";
import { quoteLoneDots } from "../../../../runner/adapters/postgres/lone-dots.ts";

async function quoted(text: string, cut: number): Promise<string> {
  const bytes = Buffer.from(text);
  async function* chunks(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < bytes.length; at += cut) yield bytes.subarray(at, at + cut);
  }
  const made: Uint8Array[] = [];
  for await (const chunk of quoteLoneDots(chunks())) made.push(chunk);
  return Buffer.concat(made).toString();
}

test("a record that is a backslash and a dot is put in quotes, wherever chunks end, and nothing else changes", async () => {
  const cases = [
    ["\\.\n", '"\\."\n'],
    ["a\n\\.\nb\n", 'a\n"\\."\nb\n'],
    ["a\r\n\\.\r\nb", 'a\r\n"\\."\r\nb'],
    ["a\n\\.", 'a\n"\\."'],
    ["\\.\n\\.\n\\", '"\\."\n"\\."\n\\'],
    ["\\.x\n\\..\n\\\\.\n\\,.\n.\n", "\\.x\n\\..\n\\\\.\n\\,.\n.\n"],
    ['"x\n\\.\ny"\n\\."\n', '"x\n\\.\ny"\n\\."\n'],
    ['"a""\n\\.\n"\n\\.\n', '"a""\n\\.\n"\n"\\."\n'],
    ["", ""],
  ] as const;
  for (const [text, wanted] of cases)
    for (const cut of [1, 2, 3, 1000])
      assert.equal(await quoted(text, cut), wanted, JSON.stringify([text, cut]));
});
