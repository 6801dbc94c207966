import assert from "node:assert/strict";
import { test } from "node:test";
import { makeProject, models, rowsOf } from "../../../support/models.ts";

const files = {
  "macros/m.sql":
    "{{! macro note(what, times=1) }}\ncreate or replace table noted as select {{ what }} as what, {{ times }} as times;\n{{! macro nothing() }}\n-- only words\n{{! macro broken() }}\nselect * from nowhere\n",
};

test("run-operation runs what a macro comes to, arguments being data", async () => {
  const root = makeProject(files);
  const ran = await models(root, ["run-operation", "note", "--args", "{what: it's, times: 3}"]);
  assert.deepEqual([ran.code, ran.err], [0, "ran note\n"]);
  assert.deepEqual(await rowsOf(root, "select * from noted"), [{ what: "it's", times: 3 }]);
  const blank = await models(root, ["run-operation", "nothing"]);
  assert.deepEqual([blank.code, blank.err], [0, "nothing gives nothing to run\n"]);
});

test("run-operation tells what is wrong with the call", async () => {
  const root = makeProject(files);
  const failure = async (...words: string[]): Promise<string> => {
    const { code, err } = await models(root, ["run-operation", ...words]);
    assert.notEqual(code, 0);
    return err;
  };
  assert.match(await failure("noet"), /MACRO_UNKNOWN.*"noet"[^]*note/);
  assert.match(await failure("note"), /ARGUMENT_MISSING.*what/);
  assert.match(await failure("note", "--args", "{what: 1, tmes: 2}"), /ARGUMENT_UNKNOWN.*tmes/);
  assert.match(
    await failure("broken"),
    /QUERY_FAILED the macro "broken" \(macros\/m\.sql:5\) failed: .*nowhere does not exist/,
  );
  assert.match(await failure("note", "--args", "[1]"), /ARGS_INVALID.*--args must be a map/);
});
