import { sha256 } from "../../base/hash.ts";
import type { Json } from "../../base/json.ts";
import { encodeGraph } from "../../graph/encode-graph.ts";
import type { Compiled } from "../../plan/compile.ts";
import { meaningOf } from "../../plan/changed/fingerprint.ts";
import type { FingerprintFacts, Meaning } from "../../plan/changed/fingerprint.ts";
import { steadiness } from "../../plan/steady.ts";
import { identityOf } from "./inputs.ts";
import type { Input } from "./inputs.ts";
import { keptManifest } from "./kept-manifest.ts";
import type { KeptManifest } from "./kept-manifest.ts";
import type { Said } from "./manifest-notes.ts";
import { isSame } from "./kept-project.ts";
import type { KeptProject, ProjectParts } from "./kept-project.ts";
import { decodeSql, encodeSql, withCompiled, withMeanings } from "./known-sql.ts";
import type { AllSql, KnownMeaning } from "./known-sql.ts";
import { newMark, readBody, writeBody, writeHeader } from "./store.ts";
import type { Header } from "./store.ts";

type CompiledNodes = ReadonlyMap<string, Compiled>;
type Whole = Pick<ProjectParts, "project" | "parsed">;
type Facts = Pick<Header, "key" | "env" | "envHash" | "scripts">;
const nothing: AllSql = new Map();
const noneLanded: Meaning["landed"] = new Map();

/** Keeps a project in a folder: its graph, and the SQL of nodes that come to the same each time. */
export class Keeper implements KeptProject {
  readonly #folder: string;
  readonly #of: Whole;
  /** As it is on the disk; undefined: this project is not there yet. */
  #header: Header | undefined;
  readonly #facts: Facts;
  readonly #inputs: () => readonly Input[];
  /** Read when it is asked for. */
  #sql: AllSql | undefined;
  readonly #meanings = new Map<string, KnownMeaning>();

  private constructor(
    folder: string,
    of: Whole,
    header: Header | undefined,
    facts: Facts,
    inputs: () => readonly Input[],
  ) {
    this.#folder = folder;
    this.#of = of;
    this.#header = header;
    this.#facts = facts;
    this.#inputs = inputs;
  }

  /** Of what was found in the folder; `inputs`: as they are now. */
  static of(folder: string, of: Whole, header: Header, inputs: readonly Input[]): Keeper {
    return new Keeper(folder, of, header, header, () => inputs);
  }

  static ofNew(folder: string, of: Whole, facts: Facts, inputs: () => readonly Input[]): Keeper {
    return new Keeper(folder, of, undefined, facts, inputs);
  }

  isOf(open: ProjectParts): boolean {
    return isSame(open, this.#of);
  }

  identity(): string | undefined {
    return this.#header && identityOf(this.#header.inputs);
  }

  sqlOf(uniqueId: string): string | undefined {
    return this.#known().get(uniqueId)?.sql;
  }

  #known(): AllSql {
    if (this.#sql !== undefined) return this.#sql;
    const body = this.#header?.sql ? readBody(this.#folder, this.#header.sql) : undefined;
    return (this.#sql = body ? decodeSql(body.bytes, body.index) : nothing);
  }

  keep(compiled: CompiledNodes): void {
    this.#write(() => withCompiled(this.#known(), compiled, steadiness(this.#of.parsed)));
  }

  meaningOf(uniqueId: string, sql: string, facts: FingerprintFacts): Meaning {
    const known = this.#known().get(uniqueId);
    if (known?.sql !== sql) return meaningOf(sql, facts);
    if (known.meaning !== null) return { ...known.meaning, landed: noneLanded };
    const found = meaningOf(sql, facts);
    if (found.landed.size === 0) this.#meanings.set(uniqueId, { sql: found.sql, uncertain: found.uncertain });
    return found;
  }

  keepMeanings(): void {
    // A project that could not be written is not begun again here.
    if (this.#meanings.size > 0 && this.#header !== undefined)
      this.#write(() => withMeanings(this.#known(), this.#meanings));
  }

  /** What is there already is not written again. */
  #write(now: () => AllSql): void {
    try {
      const before = this.#header;
      const inputs = this.#inputs();
      const sql = now();
      const isKnown = sql === this.#known();
      if (before !== undefined && inputs === before.inputs && isKnown) return;
      const mark = newMark();
      const { key, env, envHash, scripts } = this.#facts;
      const header: Header = {
        key,
        env,
        envHash,
        scripts,
        inputs,
        graph: before?.graph ?? writeBody(this.#folder, "graph", mark, encodeGraph(this.#of.parsed, mark)),
        sql: isKnown ? (before?.sql ?? null) : writeBody(this.#folder, "sql", mark, encodeSql(sql)),
      };
      writeHeader(this.#folder, header);
      this.#header = header;
      this.#sql = sql;
    } catch {
      // A full disk, or a folder that may not be written: the next process parses again.
      this.#header = undefined;
    }
  }

  manifestAt(
    path: string,
    compiled: CompiledNodes,
    beside: Json,
    others: ReadonlyMap<string, Json> = new Map(),
  ): KeptManifest | null {
    if (this.#header === undefined) return null;
    const tag = sha256(JSON.stringify([this.#header.graph.hash, beside]));
    const ids = [...this.#of.parsed.graph.nodes.keys()];
    const known = this.#known();
    const wordOf = (id: string): string => {
      const made = compiled.get(id);
      const other = others.get(id);
      // What is kept follows from the graph.
      if (other === undefined && (made === undefined || known.get(id)?.sql === made.compiledCode))
        return made === undefined ? "" : "=";
      return sha256(JSON.stringify([other ?? null, made && [made.compiledCode, made.ctes]])).slice(0, 32);
    };
    let said: Said | undefined;
    return keptManifest(this.#folder, path, ids, () => (said ??= { tag, words: ids.map(wordOf) }));
  }
}
