import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { openDocument } from "../jsonstat/document.ts";
import { readPeriod } from "../jsonstat/periods.ts";
import type { Cube } from "../jsonstat/types.ts";
import { isObject } from "../../runner/base/json.ts";
import { temporaryFolder } from "../../runner/base/temporary-folder.ts";
import type { Description } from "./publisher.ts";

/** What a JSON-stat document says of itself; for publishers whose metadata is one. */
export async function describeDocument(
  bytes: Uint8Array,
  code: string,
  page: string | null,
): Promise<Description> {
  const folder = temporaryFolder();
  try {
    const path = join(folder.path, "document.json");
    writeFileSync(path, bytes);
    const { cubes } = await openDocument(path);
    return describeCube(cubes[0]!, code, page);
  } finally {
    folder.remove();
  }
}

function describeCube(cube: Cube, code: string, page: string | null): Description {
  const time = cube.dimensions.find(({ role }) => role === "time");
  const periods = time?.categories.map((category) => readPeriod(category.code).frequency) ?? [];
  const notes = isObject(cube.header) ? cube.header["note"] : undefined;
  return {
    code,
    title: cube.label ?? code,
    updated: cube.updated.instant,
    page,
    frequencies: [...new Set(periods.filter((letter) => letter !== null))],
    dimensions: cube.dimensions.map(({ id, label, role, categories }) => ({
      id,
      label,
      role,
      codes: categories.map((category) => ({ code: category.code, label: category.label })),
    })),
    notes: Array.isArray(notes) ? notes.filter((note) => typeof note === "string") : [],
  };
}
