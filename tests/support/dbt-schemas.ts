import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import type { ValidateFunction } from "ajv/dist/2020.js";

const folder = join(import.meta.dirname, "../../../shared/schemas/dbt");
const compiled = new Map<string, ValidateFunction>();

type SchemaName = "manifest-v12" | "run-results-v6" | "catalog-v1" | "sources-v3";

/** Reason to skip a test that needs dbt's JSON schemas, or false when they are there. */
export const withoutSchemas: string | false = existsSync(folder)
  ? false
  : "dbt's JSON schemas are not beside the project";

/** Fails with every place where `artifact` is not what dbt's schema says. */
export function assertValid(name: SchemaName, artifact: unknown): void {
  let validate = compiled.get(name);
  if (validate === undefined) {
    const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false });
    validate = ajv.compile(JSON.parse(readFileSync(join(folder, `${name}.json`), "utf8")) as object);
    compiled.set(name, validate);
  }
  const plain: unknown = JSON.parse(JSON.stringify(artifact));
  validate(plain);
  assert.deepEqual(
    (validate.errors ?? []).map((e) => `${e.instancePath} ${e.message} ${JSON.stringify(e.params)}`),
    [],
  );
}
