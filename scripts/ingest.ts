#!/usr/bin/env node
/** The `ingest` command. */
import { OperationError } from "../runner/base/errors.ts";
import { realIngestEffects } from "../ingest/cli/effects.ts";
import { main } from "../ingest/cli/main.ts";

const interrupted = new AbortController();
// The first Ctrl-C lets a landing clean up; the second ends at once.
process.once("SIGINT", () =>
  interrupted.abort(new OperationError("CANCELLED", "stopped; nothing half-made was left")),
);
process.once("SIGTERM", () =>
  interrupted.abort(new OperationError("CANCELLED", "stopped; nothing half-made was left")),
);

process.exitCode = await main(process.argv.slice(2), realIngestEffects(interrupted.signal));
