import assert from "node:assert/strict";
import { test } from "node:test";
import { ProjectError, UsageError } from "../../../../runner/base/errors.ts";
import { renderMacro } from "../../../../runner/template/render-template.ts";
import { Data, Sql } from "../../../../runner/template/values.ts";
import type { Value } from "../../../../runner/template/values.ts";
import { context, library } from "./workbench.ts";

const macros =
  "\n\n{{! macro generate_schema_name(custom, prefix='p_') }}{{#if custom}}{{ prefix }}{{ custom }}{{else}}main{{/if}}";
const call = (name: string, args: Record<string, Value>): string =>
  renderMacro(name, args, library({ macros }).library, context());

test("a macro called by its name comes to its text", () => {
  assert.equal(call("generate_schema_name", { custom: new Sql("marts") }), "p_marts");
  assert.equal(call("generate_schema_name", { custom: null }), "main");
  assert.equal(
    call("statloom.test_not_null", { model: new Sql("t"), column_name: new Data("a b") }),
    'select *\nfrom t\nwhere "a b" is null',
  );
});

test("a wrong call says what is wrong", () => {
  assert.throws(
    () => call("generate_schema", {}),
    (error) => error instanceof UsageError && error.hint === 'did you mean "generate_schema_name"?',
  );
  assert.throws(
    () => call("generate_schema_name", {}),
    (error) =>
      error instanceof ProjectError &&
      error.problems[0]?.code === "ARGUMENT_MISSING" &&
      error.problems[0].file === "macros/m.sql",
  );
});
