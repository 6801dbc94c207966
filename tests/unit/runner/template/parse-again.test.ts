import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parseAgain, parseAndKeep, parseTemplate } from "../../../../runner/template/parse-template.ts";
import { readCall } from "../../../../runner/template/read-call.ts";
import { readTag } from "../../../../runner/template/read-tag.ts";
import { TagPlaces } from "../../../../runner/template/tag-places.ts";

const parts = [
  ..."abc \n\t}{'\"".split(""),
  "select ",
  "{{ ref('a') }}",
  "{{ref( \"b\" , 'c' )}}",
  "{{{ ref('a }}} b') }}}",
  "{{ f('}}') }}",
  "{{#if x}}",
  "{{/if}}",
  "{{else}}\n",
  "{{! it's a comment }}\n",
  "{{> m}}",
  "{{ x.y }}",
  `{{ f(${"1, ".repeat(300)}) }}`,
];

test("a text that is parsed again has the same tree", () => {
  let sound = 0;
  const places = new TagPlaces();
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...parts), { maxLength: 12 }), (texts) => {
      const text = texts.join("");
      const parsed = parseAndKeep("a.sql", text, places);
      assert.deepEqual(
        { template: parsed.template, problems: parsed.problems },
        parseTemplate("a.sql", text),
      );
      assert.equal(parsed.sound === null, parsed.problems.length > 0);
      if (parsed.sound === null) return;
      sound++;
      assert.deepEqual(parseAgain(parsed.sound, places), parsed.template);
    }),
    { numRuns: 800 },
  );
  assert.ok(sound > 100, `${sound} of the texts had no mistake`);
});

const words = "ref source var f_1 not and or true null elif elseif else env_var é 1 a.b".split(" ");
const texts = [
  "'a'",
  '"b"',
  " 'c d' ",
  "''",
  "'it\\'s'",
  "'\"'",
  "1",
  "x='a'",
  "'a' ~ 'b'",
  "'\n'",
  "'a",
  "é",
  "",
  "[",
];
const ends = [")", " ) ", "", "))", ").x", ") -", "\u00a0)"];
const tag = fc.tuple(
  fc.constantFrom(...words),
  fc.constantFrom("(", "( ", " ("),
  fc.array(fc.constantFrom(...texts), { maxLength: 3 }).map((some) => some.join(",")),
  fc.constantFrom(...ends),
);

test("a call of plain texts is read as the parser reads it", () => {
  let calls = 0;
  fc.assert(
    fc.property(tag, (written) => {
      const text = written.join("");
      const call = readCall(` ${text}}}`, 1, text.length + 1);
      if (call === undefined) return;
      calls++;
      assert.deepEqual({ kind: "output", expr: call }, readTag(text, ""));
    }),
    { numRuns: 4000 },
  );
  assert.ok(calls > 15, `${calls} of the texts were calls`);
});
