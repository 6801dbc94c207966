import type { Compiled } from "../../plan/compile.ts";
import { LazyMap } from "../../graph/lazy-map.ts";

type Index = { readonly ids: readonly string[]; readonly bytes: readonly number[] };

/** SQL by unique id, as text and last its index. */
export function* encodeSql(sql: ReadonlyMap<string, string>): Generator<string, Index> {
  const bytes: number[] = [];
  for (const text of sql.values()) {
    bytes.push(Buffer.byteLength(text));
    yield text;
  }
  return { ids: [...sql.keys()], bytes };
}

export function decodeSql(bytes: Buffer, index: unknown): ReadonlyMap<string, string> {
  const { ids, bytes: lengths } = index as Index;
  const begins: number[] = [];
  let begin = 0;
  for (const length of lengths) {
    begins.push(begin);
    begin += length;
  }
  return new LazyMap(ids, (i) => bytes.toString("utf8", begins[i], begins[i]! + lengths[i]!));
}

/** `known` with what was compiled besides and comes to the same each time; `known` itself where there is nothing new. */
export function withCompiled(
  known: ReadonlyMap<string, string>,
  compiled: ReadonlyMap<string, Compiled>,
  isSteady: (id: string, compiled: Compiled) => boolean,
): ReadonlyMap<string, string> {
  let all: Map<string, string> | undefined;
  for (const [id, one] of compiled) {
    if (known.has(id) || !isSteady(id, one)) continue;
    all ??= new Map(known);
    all.set(id, one.compiledCode);
  }
  return all ?? known;
}
