import { groupBy } from "../../../../../base/group-by.ts";
import { bucketOf } from "../../../../data/bucket-of.ts";
import type {
  Change,
  ColumnBucket,
  ColumnPlace,
  LineageColumn,
  NodeColumns,
} from "../../../../data/lineage-types.ts";
import type { IndexNode } from "../../../../data/frame-types.ts";
import { loadData } from "../../../kit/registry.ts";

/** Columns that a column comes from and goes to, by table; values go from parent to child. */
export type Trace = {
  readonly tables: readonly TracedTable[];
  readonly edges: readonly TracedEdge[];
  /** Columns are left out beyond this many, as nobody could read them. */
  readonly isCut: boolean;
  /** Columns that decide which rows the table has that was asked about: filters, joins, groupings. */
  readonly influences: readonly ColumnPlace[];
};
export type TracedTable = {
  /** Its place in the index. */
  readonly place: number;
  readonly columns: readonly TracedColumn[];
};
export type TracedColumn = {
  readonly name: string;
  readonly type: string | null;
  readonly change: Change;
  readonly complete: boolean;
  /** null: the column itself. */
  readonly side: "up" | "down" | null;
};
export type TracedEdge = {
  readonly from: readonly [place: number, column: string];
  readonly to: readonly [place: number, column: string];
  readonly change: Change;
};

const MOST = 600;

/** Follows a column both ways; files of columns are loaded as far as it goes. null: nothing is known of it. */
export async function traceColumn(
  nodes: readonly IndexNode[],
  buckets: number,
  id: string,
  column: string,
): Promise<Trace | null> {
  const tables = new Map<number, NodeColumns | undefined>();
  const columnsOf = async (place: number): Promise<NodeColumns | undefined> => {
    if (!tables.has(place)) {
      const { id: wanted } = nodes[place]!;
      const bucket = await loadData<ColumnBucket>(`columns-${bucketOf(wanted, buckets)}`).catch(
        (): ColumnBucket => ({}),
      );
      tables.set(place, bucket[wanted]);
    }
    return tables.get(place);
  };
  const find = async (place: number, name: string): Promise<LineageColumn | undefined> =>
    (await columnsOf(place))?.columns.find((each) => each.name.toLowerCase() === name.toLowerCase());

  const start = nodes.findIndex((node) => node.id === id);
  const own = start === -1 ? undefined : await find(start, column);
  if (own === undefined) return null;
  const found = new Map<string, { readonly place: number; readonly column: TracedColumn }>();
  const edges = new Map<string, TracedEdge>();
  const keyOf = (place: number, name: string): string => `${place} ${name.toLowerCase()}`;
  const add = (place: number, known: LineageColumn, side: TracedColumn["side"]): void => {
    const { name, type, change, complete } = known;
    found.set(keyOf(place, name), { place, column: { name, type, change, complete, side } });
  };
  add(start, own, null);
  let isCut = false;
  for (const side of ["up", "down"] as const) {
    const queue: [number, LineageColumn][] = [[start, own]];
    const seen = new Set([keyOf(start, own.name)]);
    for (const [place, known] of queue) {
      for (const [other, name] of side === "up" ? known.from : known.to) {
        const next = await find(other, name);
        if (next === undefined) continue;
        const [from, to] =
          side === "up"
            ? ([
                [other, next],
                [place, known],
              ] as const)
            : ([
                [place, known],
                [other, next],
              ] as const);
        edges.set(`${keyOf(from[0], from[1].name)}>${keyOf(to[0], to[1].name)}`, {
          from: [from[0], from[1].name],
          to: [to[0], to[1].name],
          change: to[1].change,
        });
        const key = keyOf(other, next.name);
        if (seen.has(key)) continue;
        if (found.size >= MOST) {
          isCut = true;
          continue;
        }
        seen.add(key);
        if (!found.has(key)) add(other, next, side);
        queue.push([other, next]);
      }
    }
  }
  const byTable = groupBy(found.values(), (each) => each.place);
  const drawn = [...edges.values()].filter(
    ({ from, to }) => found.has(keyOf(...from)) && found.has(keyOf(...to)),
  );
  return {
    tables: [...byTable]
      .map(([place, columns]) => ({
        place,
        columns: inOrder(
          columns.map(({ column }) => column),
          tables.get(place),
        ),
      }))
      .toSorted((a, b) => a.place - b.place),
    edges: drawn,
    isCut,
    influences: tables.get(start)?.influences ?? [],
  };
}

/** As the table has them. */
function inOrder(columns: readonly TracedColumn[], table: NodeColumns | undefined): TracedColumn[] {
  const order = new Map(table?.columns.map(({ name }, i) => [name, i]));
  return columns.toSorted((a, b) => (order.get(a.name) ?? 0) - (order.get(b.name) ?? 0));
}
