/** Stages an edition in a process of its own, so that a test can kill it: `stage-in-child.ts <url> <schema> <n> <rows>`. Starts when it is told anything. */
import { once } from "node:events";
import { openStaging } from "../../../../../ingest/landing/postgres/open-staging.ts";
import { editionOf } from "./editions.ts";
import { manyRows } from "./many-rows.ts";

const [url = "", schema = "", n = "1", rows = "0"] = process.argv.slice(2);
const edition = editionOf(Number(n), manyRows(Number(n), Number(rows)));
const staging = openStaging({ url, schema, keepDocuments: "header" });
process.stdout.write("ready\n");
await once(process.stdin, "data");
const { outcome } = await staging.stage(edition);
process.stdout.write(`${outcome}\n`);
await staging.close();
process.exit(0);
