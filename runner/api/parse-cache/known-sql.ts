import { LazyMap } from "../../graph/lazy-map.ts";
import type { Meaning } from "../../plan/changed/fingerprint.ts";
import type { Compiled } from "../../plan/compile.ts";

/** What a node comes to each time; `meaning` null: nobody has asked yet, or it reads from the landing zone. */
export type KnownSql = { readonly sql: string; readonly meaning: KnownMeaning | null };
export type KnownMeaning = Pick<Meaning, "sql" | "uncertain">;
export type AllSql = ReadonlyMap<string, KnownSql>;

type Index = {
  readonly ids: readonly string[];
  readonly bytes: readonly number[];
  readonly meanings: readonly (KnownMeaning | null)[];
};

/** SQL by unique id, as text and last its index; to be told how many bytes each took. */
export function* encodeSql(all: AllSql): Generator<string, Index, number> {
  const bytes: number[] = [];
  const meanings: (KnownMeaning | null)[] = [];
  for (const { sql, meaning } of all.values()) {
    meanings.push(meaning);
    bytes.push(yield sql);
  }
  return { ids: [...all.keys()], bytes, meanings };
}

export function decodeSql(bytes: Buffer, index: unknown): AllSql {
  const { ids, bytes: lengths, meanings } = index as Index;
  const begins: number[] = [];
  let begin = 0;
  for (const length of lengths) {
    begins.push(begin);
    begin += length;
  }
  return new LazyMap(ids, (i) => ({
    sql: bytes.toString("utf8", begins[i], begins[i]! + lengths[i]!),
    meaning: meanings[i]!,
  }));
}

/** `known` with what was compiled besides and comes to the same each time; `known` itself where there is nothing new. */
export function withCompiled(
  known: AllSql,
  compiled: ReadonlyMap<string, Compiled>,
  isSteady: (id: string, compiled: Compiled) => boolean,
): AllSql {
  let all: Map<string, KnownSql> | undefined;
  for (const [id, one] of compiled) {
    if (known.has(id) || !isSteady(id, one)) continue;
    all ??= new Map(known);
    all.set(id, { sql: one.compiledCode, meaning: null });
  }
  return all ?? known;
}

/** `known` with what was found out about some of it. */
export const withMeanings = (known: AllSql, found: ReadonlyMap<string, KnownMeaning>): AllSql =>
  new Map(Array.from(known, ([id, one]) => [id, { ...one, meaning: found.get(id) ?? one.meaning }]));
