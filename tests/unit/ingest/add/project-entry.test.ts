import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { withDataset } from "../../../../ingest/add/project-entry.ts";

const entry = { publisher: "eurostat", code: "hlth_silc_13" };
const line = "{publisher: eurostat, code: hlth_silc_13}";

describe("an entry in the project file", () => {
  const cases: Record<string, [before: string, after: string]> = {
    "comes after the others, whose comments stay": [
      "name: a  # the name\ningest:\n  # what we watch\n  datasets:\n    - {publisher: eurostat, code: a}  # first\n    - publisher: eurostat\n      code: 'b'   # second\n\n  # after\n  landing: x\n# end\n",
      `name: a  # the name\ningest:\n  # what we watch\n  datasets:\n    - {publisher: eurostat, code: a}  # first\n    - publisher: eurostat\n      code: 'b'   # second\n    - ${line}\n\n  # after\n  landing: x\n# end\n`,
    ],
    "stands in a list in brackets": [
      "ingest: \n  datasets: [{publisher: e, code: a}, ] # few\nname: a\n",
      `ingest: \n  datasets: [{publisher: e, code: a}, ${line}, ] # few\nname: a\n`,
    ],
    "fills an empty list": ["ingest:\n  datasets: []\n", `ingest:\n  datasets: [${line}]\n`],
    "makes the list": [
      "ingest:\n    landing: x # here\nvars: {a: 1}\n",
      `ingest:\n    landing: x # here\n    datasets:\n      - ${line}\nvars: {a: 1}\n`,
    ],
    "makes the section, at a file without a line end": [
      "name: a",
      `name: a\n\ningest:\n  datasets:\n    - ${line}\n`,
    ],
    "keeps lines without indentation and those of Windows": [
      "ingest:\r\n  datasets:\r\n  - code: a\r\n    publisher: b\r\nname: x\r\n",
      `ingest:\r\n  datasets:\r\n  - code: a\r\n    publisher: b\r\n  - ${line}\r\nname: x\r\n`,
    ],
    "fills a key without a value": [
      "ingest:\n  landing: x\n  datasets:\n",
      `ingest:\n  landing: x\n  datasets:\n    - ${line}\n`,
    ],
  };
  for (const [name, [before, after]] of Object.entries(cases))
    test(name, () => assert.equal(withDataset(before, entry), after));

  test("quotes what YAML would read otherwise", () => {
    const odd = withDataset("name: a\n", { publisher: "no", code: "0123", url: "https://x/y?a=b#c: d" });
    assert.match(odd, /\{publisher: "no", code: "0123", url: "https:\/\/x\/y\?a=b#c: d"\}/);
  });

  test("is left to a person where the file is unusual", () => {
    for (const text of ["ingest: {landing: x}\n", "ingest:\nname: a\n", "a: &x {b: 1}\ningest: *x\n"])
      assert.throws(() => withDataset(text, entry), { code: "PROJECT_FILE_UNUSUAL" });
  });
});
