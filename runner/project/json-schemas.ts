import * as z from "zod";
import {
  modelConfigSchema,
  seedConfigSchema,
  snapshotConfigSchema,
  sourceConfigSchema,
  testConfigSchema,
} from "./config-schemas.ts";
import { projectFileSchema } from "./project-schema.ts";
import { propertyFileSchema } from "./property-schema.ts";
import { withTemplates } from "./template-schemas.ts";

type JsonSchema = z.core.JSONSchema.JSONSchema;

const folderTrees = {
  models: modelConfigSchema,
  seeds: seedConfigSchema,
  snapshots: snapshotConfigSchema,
  tests: testConfigSchema,
  sources: sourceConfigSchema,
};

/** JSON Schemas (draft 7, which editors understand best) of every kind of YAML file, by file name. They describe what people write, before defaults. */
export const jsonSchemas = (): Readonly<Record<string, JsonSchema>> => ({
  "sql_project.schema.json": projectFileJsonSchema(),
  "properties.schema.json": propertyFileJsonSchema(),
});

function projectFileJsonSchema(): JsonSchema {
  const { file, configs, definitions } = convert(projectFileSchema, folderTrees);
  const properties = { ...file.properties };
  for (const [kind, config] of Object.entries(configs)) {
    definitions[`${kind}_folder`] = folder(kind, withTemplates(config));
    properties[kind] = { $ref: `#/definitions/${kind}_folder` };
  }
  return schemaFile("A Statloom project", { ...file, properties }, definitions);
}

function propertyFileJsonSchema(): JsonSchema {
  const { file, configs, definitions } = convert(propertyFileSchema, { tests: testConfigSchema });
  definitions["test"] = test(withTemplates(configs["tests"]!));
  const rendered = within(file, {
    models: (model) => within(withRenderedConfig(model), { versions: withRenderedConfig }),
    seeds: withRenderedConfig,
    snapshots: withRenderedConfig,
    data_tests: withRenderedConfig,
    sources: (source) =>
      within(withTemplates(withRenderedConfig(source), ["database", "schema"]), {
        tables: (table) => withTemplates(withRenderedConfig(table), ["identifier"]),
      }),
  });
  return schemaFile("Properties of models, seeds, snapshots, sources and macros", rendered, definitions);
}

/** A schema with those of the items of some of its lists changed. */
function within(
  schema: JsonSchema,
  lists: Readonly<Record<string, (item: JsonSchema) => JsonSchema>>,
): JsonSchema {
  const properties = { ...schema.properties } as Record<string, JsonSchema>;
  for (const [key, change] of Object.entries(lists)) {
    const list = properties[key]!;
    properties[key] = { ...list, items: change(list.items as JsonSchema) };
  }
  return { ...schema, properties };
}

const withRenderedConfig = (schema: JsonSchema): JsonSchema => ({
  ...schema,
  properties: {
    ...schema.properties,
    config: withTemplates(schema.properties!["config"] as JsonSchema),
  },
});

type Converted = {
  readonly file: JsonSchema;
  readonly configs: Readonly<Record<string, JsonSchema>>;
  readonly definitions: Record<string, JsonSchema>;
};

/** In one conversion, as the names of definitions are unique only within one. */
function convert(file: z.ZodType, configs: Readonly<Record<string, z.ZodType>>): Converted {
  const whole = z.toJSONSchema(z.object({ file, configs: z.object(configs) }), {
    io: "input",
    target: "draft-7",
    override: ({ jsonSchema, zodSchema }) => {
      // An editor completes words, and no pattern.
      if (zodSchema === testConfigSchema.shape.severity.unwrap()) {
        delete jsonSchema.pattern;
        jsonSchema.enum = ["error", "warn", "ERROR", "WARN"];
      }
    },
  });
  const properties = whole.properties as Record<string, JsonSchema>;
  return {
    file: properties["file"]!,
    configs: properties["configs"]!.properties as Record<string, JsonSchema>,
    definitions: { ...(whole.definitions as Record<string, JsonSchema>) },
  };
}

/** Keys with `+` configure the folder they stand in, the others are folders. */
function folder(kind: string, config: JsonSchema): JsonSchema {
  const settings = Object.entries(config.properties ?? {}).map(([key, value]) => [`+${key}`, value]);
  return {
    type: "object",
    description: `Keys with + configure this folder of ${kind}; the others are folders in it.`,
    properties: Object.fromEntries(settings),
    patternProperties: { "^[^+]": { $ref: `#/definitions/${kind}_folder` } },
    additionalProperties: false,
  };
}

/** The arguments of the tests that are built in. */
const builtin: Readonly<Record<string, Readonly<Record<string, JsonSchema>>>> = {
  unique: {},
  not_null: {},
  accepted_values: { values: { type: "array" }, quote: { type: "boolean" } },
  relationships: { to: { type: "string" }, field: { type: "string" } },
};

/** A name, or a map of one name to arguments and configuration; `test_name` is the other spelling. A test of the project's own takes any argument. */
function test(config: JsonSchema): JsonSchema {
  const body = (own: Readonly<Record<string, JsonSchema>>): JsonSchema => ({
    type: ["object", "null"],
    properties: {
      name: { type: "string" },
      description: { type: "string" },
      column_name: { type: "string" },
      ...config.properties,
      ...own,
      arguments: {
        type: "object",
        properties: { column_name: { type: "string" }, ...own },
        additionalProperties: false,
      },
      config,
    },
    additionalProperties: false,
  });
  const names = Object.keys(builtin);
  return {
    anyOf: [
      { enum: names },
      { type: "string" },
      {
        type: "object",
        minProperties: 1,
        maxProperties: 1,
        properties: Object.fromEntries(Object.entries(builtin).map(([name, own]) => [name, body(own)])),
        additionalProperties: { type: ["object", "null"], properties: { config } },
      },
      {
        type: "object",
        properties: { test_name: { type: "string", examples: names }, config },
        required: ["test_name"],
      },
    ],
  };
}

const schemaFile = (
  title: string,
  file: JsonSchema,
  definitions: Record<string, JsonSchema>,
): JsonSchema => ({ $schema: "http://json-schema.org/draft-07/schema#", title, ...file, definitions });
