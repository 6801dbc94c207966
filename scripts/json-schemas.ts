/** Writes the JSON Schemas of the YAML files, which editors complete from, and of the lines of the log: `npm run schemas`. */
import { fileURLToPath } from "node:url";
import { writeFileAtomic } from "../runner/base/files.ts";
import { logEventsJsonSchema } from "../runner/execute/log-events.ts";
import { jsonSchemas } from "../runner/project/json-schemas.ts";

for (const [name, schema] of Object.entries({
  ...jsonSchemas(),
  "log_events.schema.json": logEventsJsonSchema(),
})) {
  const file = fileURLToPath(new URL(`../runner/project/schemas/${name}`, import.meta.url));
  writeFileAtomic(file, `${JSON.stringify(schema, null, 2)}\n`);
}
