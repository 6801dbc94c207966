import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { OperationError, messageOf } from "./errors.ts";
import { sweepOnce } from "./leftovers.ts";

const NAME = /^statloom-(\d+)-[A-Za-z0-9]{6}$/;
const AN_HOUR = 3_600_000;

/** An empty folder for what is needed for a moment; `remove` takes it away with all in it. What killed processes left of them goes. */
export function temporaryFolder(): { readonly path: string; readonly remove: () => void } {
  const folder = tmpdir();
  sweepOnce(folder, NAME, AN_HOUR);
  let path: string;
  try {
    path = mkdtempSync(join(folder, `statloom-${process.pid}-`));
  } catch (error) {
    throw new OperationError("DISK", `cannot make a temporary folder in ${folder}: ${messageOf(error)}`, {
      cause: error,
      hint: "set TMPDIR to a folder that is there, can be written and has room",
    });
  }
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
