import { sha256 } from "../../base/hash.ts";
import type { Json } from "../../base/json.ts";
import { encodeGraph } from "../../graph/encode-graph.ts";
import type { ParsedProject } from "../../graph/parsed-project.ts";
import type { Compiled } from "../../plan/compile.ts";
import { steadiness } from "../../plan/steady.ts";
import type { Input } from "./inputs.ts";
import { keptRest } from "./kept-manifest.ts";
import { nothingKept } from "./kept-project.ts";
import type { KeptProject, ManifestRest } from "./kept-project.ts";
import { decodeSql, encodeSql, withCompiled } from "./known-sql.ts";
import { newMark, readBody, writeBody, writeHeader } from "./store.ts";
import type { Header } from "./store.ts";

type CompiledNodes = ReadonlyMap<string, Compiled>;
type Facts = Pick<Header, "key" | "env" | "envHash" | "scripts">;
const nothing: ReadonlyMap<string, string> = new Map();

/** Keeps a project in a folder: its graph, and the SQL of nodes that come to the same each time. */
export class Keeper implements KeptProject {
  readonly #folder: string;
  readonly #parsed: ParsedProject;
  /** As it is on the disk; undefined: this project is not there yet. */
  #header: Header | undefined;
  readonly #facts: Facts;
  readonly #inputs: () => readonly Input[];
  /** Read when it is asked for. */
  #sql: ReadonlyMap<string, string> | undefined;

  private constructor(
    folder: string,
    parsed: ParsedProject,
    header: Header | undefined,
    facts: Facts,
    inputs: () => readonly Input[],
  ) {
    this.#folder = folder;
    this.#parsed = parsed;
    this.#header = header;
    this.#facts = facts;
    this.#inputs = inputs;
  }

  /** Of what was found in the folder; `inputs`: as they are now. */
  static of(folder: string, parsed: ParsedProject, header: Header, inputs: readonly Input[]): Keeper {
    return new Keeper(folder, parsed, header, header, () => inputs);
  }

  static ofNew(folder: string, parsed: ParsedProject, facts: Facts, inputs: () => readonly Input[]): Keeper {
    return new Keeper(folder, parsed, undefined, facts, inputs);
  }

  sqlOf(uniqueId: string): string | undefined {
    return this.#known().get(uniqueId);
  }

  #known(): ReadonlyMap<string, string> {
    if (this.#sql !== undefined) return this.#sql;
    const body = this.#header?.sql ? readBody(this.#folder, this.#header.sql) : undefined;
    return (this.#sql = body ? decodeSql(body.bytes, body.index) : nothing);
  }

  keep(compiled: CompiledNodes): void {
    try {
      const before = this.#header;
      const inputs = this.#inputs();
      const sql = withCompiled(this.#known(), compiled, steadiness(this.#parsed));
      if (before !== undefined && inputs === before.inputs && sql === this.#sql) return;
      const mark = newMark();
      const { key, env, envHash, scripts } = this.#facts;
      this.#header = {
        key,
        env,
        envHash,
        scripts,
        inputs,
        graph: before?.graph ?? writeBody(this.#folder, "graph", mark, encodeGraph(this.#parsed, mark)),
        sql: sql === this.#sql ? (before?.sql ?? null) : writeBody(this.#folder, "sql", mark, encodeSql(sql)),
      };
      this.#sql = sql;
      writeHeader(this.#folder, this.#header);
    } catch {
      // A full disk, or a folder that may not be written: the next process parses again.
      this.#header = undefined;
    }
  }

  restOf(path: string, compiled: CompiledNodes, beside: Json): ManifestRest {
    if (this.#header === undefined) return nothingKept.restOf(path, compiled, beside);
    const known = this.#known();
    let said = JSON.stringify([this.#header.graph.hash, beside]);
    for (const [id, { compiledCode, ctes }] of compiled) {
      said += `\n${id}`;
      // What is kept follows from the graph.
      if (known.get(id) !== compiledCode) said += JSON.stringify([compiledCode, ctes]);
    }
    return keptRest(this.#folder, path, sha256(said));
  }
}
