import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { completeNodes } from "../../../../../runner/cli/complete/complete-nodes.ts";
import { makeProject } from "../../../../support/models.ts";
import { tempFolder } from "../../../../support/temp.ts";

const cwd = makeProject({
  "models/staging/stg_a.sql": "select 1",
  "models/staging/stg_b.sql": "{{ broken",
  "models/staging/schema.yml": "",
  "seeds/codes.csv": "id\n1\n",
});

const rows: readonly (readonly [string, string[], string[] | undefined])[] = [
  ["names of models after --select", ["build", "--select", "stg"], ["stg_a", "stg_b"]],
  ["and after its short forms", ["run", "-s", "stg_a", "stg_b", "co"], ["codes", "config."]],
  ["after --exclude", ["ls", "--exclude", "cod"], ["codes"]],
  ["behind an operator", ["build", "-s", "2+stg"], ["2+stg_a", "2+stg_b"]],
  ["behind a comma", ["build", "-s", "tag:x,@stg_a"], ["tag:x,@stg_a"]],
  ["methods", ["build", "-s", "ta"], ["tag:"]],
  ["of versions, groups and access too", ["ls", "-s", "gr"], ["group:"]],
  [
    "the words behind a method",
    ["ls", "-s", "tag:x,access:p"],
    ["tag:x,access:private", "tag:x,access:protected", "tag:x,access:public"],
  ],
  ["kinds of versions", ["ls", "-s", "@version:l"], ["@version:latest"]],
  ["the node of explain", ["explain", "stg_a"], ["stg_a"]],
  ["no names for other options", ["build", "--target", "st"], undefined],
  ["no names for options", ["build", "-s", "--f"], undefined],
  ["no names for commands", ["bu"], undefined],
];

describe("completion", () => {
  for (const [rule, words, expected] of rows)
    test(rule, () => assert.deepEqual(completeNodes(words, cwd), expected));
  test("outside of a project there are methods alone", () =>
    assert.deepEqual(completeNodes(["build", "-s", "co"], tempFolder()), ["config."]));
});
