import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach } from "node:test";
import { landEdition } from "../../../../ingest/landing/land.ts";
import type { Edition, LandOptions, Landed } from "../../../../ingest/landing/land.ts";
import { readVintages } from "../../../../runner/project/landing.ts";
import type { Vintage } from "../../../../runner/project/landing.ts";
import type { Cell } from "./edition.ts";

/** What is hard to write: quotes, a status without a value, a text that is no number, a time that is no period. */
export const cells: Cell[] = [
  { geo: "DE", time: "2023", value: 1.5 },
  { geo: "quote'\"d", time: "2024-Q1", value: 0, status: "p" },
  { geo: "FR", time: "2023", status: "m" },
  { geo: "FR", time: "someday", text: ":C\n}}" },
];

const now = new Date("2025-05-01T10:20:30.456Z");

/** A landing zone for each test of the suite that asks for it, and its dataset `eurostat/toy`. */
export type FreshLanding = {
  readonly root: () => string;
  readonly land: (made: Edition, more?: Partial<LandOptions>) => Promise<Landed>;
  readonly folder: () => string;
  readonly vintages: () => readonly Vintage[];
  /** All paths in it, in order. */
  readonly tree: () => string[];
};

export function freshLanding(): FreshLanding {
  let landing: string;
  beforeEach(() => {
    landing = mkdtempSync(join(tmpdir(), "statloom-land-"));
  });
  afterEach(() => rmSync(landing, { recursive: true, force: true }));
  return {
    root: () => landing,
    land: (made, more = {}) => landEdition(made, { landing, now, ...more }),
    folder: () => join(landing, "eurostat/toy"),
    vintages: () => readVintages(landing, "eurostat", "toy"),
    tree: () => readdirSync(landing, { recursive: true }).map(String).sort(),
  };
}
