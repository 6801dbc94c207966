import type { Target } from "../project/types.ts";
import type { Dialect } from "./dialect.ts";
import { duckdb } from "./duckdb.ts";
import { postgres } from "./postgres.ts";

const dialects: Readonly<Record<Target["type"], Dialect>> = { duckdb, postgres };

/** The dialect of an engine; pure, loads no driver. */
export const dialectOf = (type: Target["type"]): Dialect => dialects[type];
