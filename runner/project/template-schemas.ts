import { isObject } from "../base/json.ts";
import type * as z from "zod";
import { NO_TEMPLATE } from "./plain-text.ts";
import { LATER } from "./render-values.ts";

type JsonSchema = z.core.JSONSchema.JSONSchema;

const TEMPLATE: JsonSchema = { type: "string", pattern: "\\{\\{" };

/** A JSON Schema of a map, for where its values may be templates: each may be a text with braces instead. */
export function withTemplates(schema: JsonSchema, keys = Object.keys(schema.properties ?? {})): JsonSchema {
  const properties: Record<string, JsonSchema> = {};
  for (const [key, value] of Object.entries(schema.properties ?? {}) as [string, JsonSchema][])
    properties[key] = keys.includes(key) && !LATER.test(key) ? orTemplate(value) : value;
  return { ...schema, properties };
}

function orTemplate(schema: JsonSchema): JsonSchema {
  const open = withoutPlain(schema) as JsonSchema;
  return open.type === "string" && open.enum === undefined && open.pattern === undefined
    ? open
    : { anyOf: [open, TEMPLATE] };
}

/** That a text is no template holds at no depth here. */
function withoutPlain(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withoutPlain);
  if (!isObject(schema)) return schema;
  const entries = Object.entries(schema).filter(
    ([key, value]) => !(key === "pattern" && value === NO_TEMPLATE.source),
  );
  return Object.fromEntries(entries.map(([key, value]) => [key, withoutPlain(value)]));
}
