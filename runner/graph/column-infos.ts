import type { ColumnProperties } from "../project/types.ts";
import type { ColumnInfo } from "./types.ts";
import { describe, docBlocksOf } from "./workshop.ts";
import type { Workshop } from "./workshop.ts";

export const noColumns: ReadonlyMap<string, ColumnInfo> = new Map();

/** What is said of the columns of a node, by their names. */
export function columnInfos(
  workshop: Workshop,
  columns: readonly ColumnProperties[],
): ReadonlyMap<string, ColumnInfo> {
  if (columns.length === 0) return noColumns;
  if (columns.length <= FEW && arePlain(columns)) return new PlainColumns(columns);
  const infos = new Map<string, ColumnInfo>();
  for (let i = 0; i < columns.length; i++) {
    const { description: text, place } = columns[i]!;
    const described = describe(workshop, text, place);
    infos.set(columns[i]!.name, infoOf(columns[i]!, described, docBlocksOf(workshop, text)));
  }
  return infos;
}

/** So many are as quickly found one after the other. */
const FEW = 30;

/** Whether nothing has to be looked up for their descriptions, and each has a name of its own. */
function arePlain(columns: readonly ColumnProperties[]): boolean {
  for (let i = 0; i < columns.length; i++) {
    const { name, description } = columns[i]!;
    if (description.includes("{{")) return false;
    for (let k = 0; k < i; k++) if (columns[k]!.name === name) return false;
  }
  return true;
}

const infoOf = (
  { name, dataType, meta, tags, quote, constraints }: ColumnProperties,
  description: string,
  docBlocks: readonly string[],
): ColumnInfo => ({ name, description, docBlocks, dataType, meta, tags, quote, constraints });

const plainInfo = (column: ColumnProperties): ColumnInfo => infoOf(column, column.description.trim(), noDocs);
const noDocs: readonly string[] = [];

/**
 * Columns as their property file has them, each made a {@link ColumnInfo} when it is asked for, and not kept: few commands ask, and those of ten thousand models
 * are a tenth of what a graph holds on to.
 */
export class PlainColumns implements ReadonlyMap<string, ColumnInfo> {
  readonly #columns: readonly ColumnProperties[];

  constructor(columns: readonly ColumnProperties[]) {
    this.#columns = columns;
  }

  get size(): number {
    return this.#columns.length;
  }

  get(name: string): ColumnInfo | undefined {
    const found = this.#columns.find((column) => column.name === name);
    return found && plainInfo(found);
  }

  has(name: string): boolean {
    return this.#columns.some((column) => column.name === name);
  }

  *keys(): MapIterator<string> {
    for (const { name } of this.#columns) yield name;
  }

  *values(): MapIterator<ColumnInfo> {
    for (const column of this.#columns) yield plainInfo(column);
  }

  *entries(): MapIterator<[string, ColumnInfo]> {
    for (const column of this.#columns) yield [column.name, plainInfo(column)];
  }

  [Symbol.iterator](): MapIterator<[string, ColumnInfo]> {
    return this.entries();
  }

  forEach(visit: (value: ColumnInfo, name: string, map: ReadonlyMap<string, ColumnInfo>) => void): void {
    const columns = this.#columns;
    for (let i = 0; i < columns.length; i++) visit(plainInfo(columns[i]!), columns[i]!.name, this);
  }
}
