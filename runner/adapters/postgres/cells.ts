import { parse as parseArray } from "postgres-array";
import type { Cell } from "../adapter.ts";

/** A type as the server knows it by number: its name, and what a value of it is as JSON can say it. */
export type CellType = { readonly name: string; readonly toCell: (text: string) => Cell };

const asText = (text: string): Cell => text;

/** What JSON cannot say stays a word: `NaN`, `Infinity`. */
const asDouble = (text: string): Cell => {
  const value = Number(text);
  return Number.isFinite(value) ? value : text;
};

/** As the double that it is, not the shortest number that is nearest to it. */
const asFloat = (text: string): Cell => {
  const value = asDouble(text);
  return typeof value === "number" ? Math.fround(value) : value;
};

/** As DuckDB writes it: months in full. */
const asInterval = (text: string): Cell => text.replace(/\bmon(s?)\b/, "month$1");

/** In UTC, whatever zone the session is in. */
function asInstant(text: string): Cell {
  const [, day, time = "", fraction = "", zone = ""] =
    /^(\d{4,}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2})(\.\d+)?([+-]\d{2}(?::\d{2}){0,2})$/.exec(text) ?? [];
  if (day === undefined || zone === "+00") return text;
  const [hours = "0", minutes = "0", seconds = "0"] = zone.slice(1).split(":");
  const offset = (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000;
  const utc = Date.parse(`${day}T${time}Z`) - (zone.startsWith("-") ? -offset : offset);
  if (Number.isNaN(utc)) return text;
  return `${new Date(utc).toISOString().slice(0, 19).replace("T", " ")}${fraction}+00`;
}

const type = (name: string, toCell: CellType["toCell"] = asText): CellType => ({ name, toCell });

/** Numbers of types never change. https://github.com/postgres/postgres/blob/master/src/include/catalog/pg_type.dat */
export const builtinTypes: ReadonlyMap<number, CellType> = new Map([
  [16, type("boolean", (text) => text === "t")],
  [17, type("bytea")],
  [19, type("name")],
  [20, type("bigint")],
  [21, type("smallint", Number)],
  [23, type("integer", Number)],
  [25, type("text")],
  [26, type("oid", Number)],
  [114, type("json")],
  [700, type("real", asFloat)],
  [701, type("double precision", asDouble)],
  [1042, type("character")],
  [1043, type("character varying")],
  [1082, type("date")],
  [1083, type("time without time zone")],
  [1114, type("timestamp without time zone")],
  [1184, type("timestamp with time zone", asInstant)],
  [1186, type("interval", asInterval)],
  [1266, type("time with time zone")],
  [1700, type("numeric")],
  [2950, type("uuid")],
  [3802, type("jsonb")],
]);

/** Lists within lists where the array has several dimensions. */
export const arrayType = (name: string, element: CellType): CellType =>
  // Bounds that do not begin with 1 stand before the values.
  type(name, (text) => parseArray(text.replace(/^(?:\[[-\d:]+\])+=/, ""), element.toCell) as Cell);

export const otherType = (name: string): CellType => type(name);
