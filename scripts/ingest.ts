#!/usr/bin/env node
/** The `ingest` command. */
import { fileURLToPath } from "node:url";
import { keepCompiledCode } from "../runner/base/compile-cache.ts";
import { OperationError } from "../runner/base/errors.ts";

const interrupted = new AbortController();
const stop = (): void =>
  interrupted.abort(new OperationError("CANCELLED", "stopped; nothing half-made was left"));
// The first Ctrl-C lets a landing clean up; the second ends at once.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, stop);

// Beside this file: models.ts in the sources, models.cjs in the bundle.
const models = fileURLToPath(import.meta.url)
  .replace(/ingest\.ts$/, "models.ts")
  .replace(/ingest\.js$/, "models.cjs");
const modelsCommand = [process.execPath, ...process.execArgv, models];

keepCompiledCode();
const [{ main }, { realIngestEffects }] = await Promise.all([
  import("../ingest/cli/main.ts"),
  import("../ingest/cli/effects.ts"),
]);
process.exitCode = await main(process.argv.slice(2), realIngestEffects(interrupted.signal, modelsCommand));
// A pipe that is still open on the other side would keep the process alive.
if (interrupted.signal.aborted) process.stdin.destroy();
