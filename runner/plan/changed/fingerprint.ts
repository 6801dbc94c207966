import { md5 } from "../../base/hash.ts";
import type { GraphNode } from "../../graph/types.ts";
import { pointerOf } from "../../graph/versions.ts";
import { lexed } from "../../template/normal-form.ts";
import type { NodeHooks } from "../hooks.ts";
import { LANDED, uncertainty } from "./uncertain.ts";

/** What a node means here and now: two hashes, what of the landing zone it reads, and why it may not give the same twice. */
export type Fingerprint = {
  readonly sql: string;
  readonly settings: string;
  /** Vintages by dataset: `eurostat/demo_pjan` → `2025-04-04T210000Z`. */
  readonly landed: ReadonlyMap<string, string>;
  readonly uncertain: string | null;
};

export type FingerprintFacts = {
  /** Absolute; the project may move. */
  readonly root: string;
  readonly landing: string;
};

/** What SQL means wherever it stands. */
export type Meaning = Omit<Fingerprint, "settings">;

/** `meaning`: of what it is compiled to on a first run. */
export const fingerprintOf = (node: GraphNode, meaning: Meaning, hooks: NodeHooks | undefined): Fingerprint =>
  node.resourceType === "seed"
    ? { sql: node.checksum, settings: settingsOf(node, hooks), landed: new Map(), uncertain: null }
    : { ...meaning, settings: settingsOf(node, hooks) };

export function meaningOf(sql: string, { root, landing }: FingerprintFacts): Meaning {
  const landed = new Map<string, Set<string>>();
  const inLanding = `'${landing}/`;
  const tokens: string[] = [];
  for (const token of lexed(sql)) {
    if (!token.startsWith(inLanding)) {
      tokens.push(token.includes(root) ? token.replaceAll(root, ".") : token);
      continue;
    }
    const [publisher, dataset, vintage = ""] = token.slice(inLanding.length, -1).split("/");
    const name = `${publisher}/${dataset}`;
    landed.set(name, (landed.get(name) ?? new Set()).add(vintage));
    // However many files a vintage has, it is one input.
    const mark = `${LANDED}${name}'`;
    if (tokens.at(-1) === "," && tokens.at(-2) === mark) tokens.pop();
    else tokens.push(mark);
  }
  return {
    sql: md5(tokens.join(" ")),
    landed: new Map([...landed].map(([name, vintages]) => [name, [...vintages].join(" ")])),
    uncertain: uncertainty(tokens),
  };
}

/** Configuration that changes nothing about what is built, or how it is kept. */
const NO_MEANING: ReadonlySet<string> = new Set([
  ..."enabled tags meta docs group access latest_version_pointer".split(" "),
  ..."pre_hook post_hook timeout retries on_error full_refresh changed audit".split(" "),
]);
const known = new WeakMap<object, string>();

function settingsOf(node: GraphNode, hooks: NodeHooks | undefined): string {
  let config = known.get(node.config);
  if (config === undefined) {
    const entries = Object.entries(node.config).filter(([key]) => !NO_MEANING.has(key));
    known.set(node.config, (config = JSON.stringify(entries)));
  }
  const persisted = node.resourceType !== "test" && Object.values(node.config.persist_docs).includes(true);
  const pointer = node.resourceType === "model" ? pointerOf(node) : null;
  return md5(
    JSON.stringify([
      config,
      node.relation,
      hooks ?? null,
      ...(node.resourceType === "model" && node.constraints.length > 0 ? [node.constraints] : []),
      persisted
        ? [node.description, Array.from(node.columns.values(), (column) => [column.name, column.description])]
        : null,
      ...(pointer === null ? [] : [pointer]),
    ]),
  );
}
