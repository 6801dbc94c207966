import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { bindArguments, checkArguments } from "../../../../runner/template/bind-arguments.ts";
import type { Callee } from "../../../../runner/template/bind-arguments.ts";
import type { Argument, Parameter } from "../../../../runner/template/types.ts";

const names = fc.constantFrom("a", "b", "c");
const kinds = fc.constantFrom("text", "number", "list", undefined) as fc.Arbitrary<Parameter["kind"]>;
const parameter = fc.record({ name: names, required: fc.boolean(), kind: kinds });
const callee = fc.record({
  parameters: fc.uniqueArray(parameter, { selector: ({ name }) => name, maxLength: 3 }),
  variadic: fc.boolean(),
  anyKeyword: fc.boolean(),
}) as fc.Arbitrary<Callee>;
const value = fc.constantFrom(
  { kind: "literal", at: 0, value: "x" } as const,
  { kind: "literal", at: 0, value: 1 } as const,
  { kind: "literal", at: 0, value: null } as const,
  { kind: "list", at: 0, items: [] } as const,
  { kind: "name", at: 0, path: ["x"] } as const,
);
const args: fc.Arbitrary<Argument[]> = fc.array(
  fc.record({ name: fc.option(fc.constantFrom("a", "b", "c", "d")), at: fc.nat(), value }),
  { maxLength: 4 },
);

test("arguments that fit at a glance are those that binding has nothing to say of", () => {
  fc.assert(
    fc.property(callee, args, (to, given) => {
      assert.deepEqual(checkArguments("f", to, given, 0), bindArguments("f", to, given, 0).mistakes);
    }),
    { numRuns: 1000 },
  );
});
