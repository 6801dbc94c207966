import type { JsonObject } from "../base/json.ts";
import type {
  ModelConfigInput,
  SeedConfigInput,
  SnapshotConfigInput,
  SourceConfigInput,
  TestConfigInput,
} from "../project/config-schemas.ts";
import type { GrantsInput } from "../project/relation-config.ts";
import type { FolderConfig, ResourceKind } from "../project/types.ts";
import { modelConfig, seedConfig, snapshotConfig, testConfig } from "./complete-config.ts";
import type { Hook } from "./types.ts";

type Inputs = {
  models: ModelConfigInput;
  seeds: SeedConfigInput;
  snapshots: SnapshotConfigInput;
  tests: TestConfigInput;
  sources: SourceConfigInput;
};
type HookKey = "pre_hook" | "post_hook" | "pre-hook" | "post-hook";
type Hooks = { [Key in HookKey]?: readonly Hook[] | undefined };
type Common = {
  tags?: readonly string[] | undefined;
  meta?: JsonObject | undefined;
  docs?: ModelConfigInput["docs"];
  contract?: ModelConfigInput["contract"];
  column_types?: SeedConfigInput["column_types"];
  grants?: GrantsInput | undefined;
} & Hooks;

/**
 * The configurations of one kind of nodes, in dbt's precedence: folders from the outermost in, then the property file, then the file's
 * own `config()`; the later wins, tags and hooks add up and the maps of them that dbt merges are merged key by key. Nodes of which the same is said share one result:
 * of ten thousand models there are a handful of different ones.
 */
export class ConfigLayers<Kind extends ResourceKind, Config> {
  readonly #folders: readonly FolderConfig[];
  readonly #above: readonly FolderConfig[];
  readonly #complete: (input: Inputs[Kind]) => Config;
  readonly #known = new Map<string, Resolved<Config>>();
  /** Of the deepest folder that is configured: of the names of a node, its package left out, so many count. */
  readonly #depth: number;
  /** What was asked for last: nodes of a folder mostly come one after the other, and say the same. */
  #last:
    | { fqn: readonly string[]; at: string; own: readonly Inputs[Kind][]; resolved: Resolved<Config> }
    | undefined;

  /** `above` is stronger than all that nodes say of themselves: what a project says of the packages that it uses. */
  constructor(
    kind: Kind,
    folders: readonly FolderConfig[],
    above: readonly FolderConfig[],
    complete: (input: Inputs[Kind]) => Config,
  ) {
    this.#folders = outermostFirst(kind, folders);
    this.#above = outermostFirst(kind, above);
    this.#complete = complete;
    this.#depth = Math.max(0, ...[...this.#folders, ...this.#above].map(({ path }) => path.length));
  }

  /** `fqn`: the package of the node, its folders and its name; `own`: what is said of it beside folders, the stronger later. */
  resolve(fqn: readonly string[], own: readonly Inputs[Kind][]): Resolved<Config> {
    const last = this.#last;
    const at = last !== undefined && this.#isBeside(fqn, last.fqn) ? last.at : this.#foldersOf(fqn);
    if (last?.at === at && last.own.length === own.length && own.every((one, i) => one === last.own[i]))
      return last.resolved;
    let key = at;
    for (let i = 0; i < own.length; i++) key += JSON.stringify(own[i]);
    let resolved = this.#known.get(key);
    if (resolved === undefined) {
      const said = this.#merge(fqn, own);
      resolved = { config: this.#complete(said), said: withoutNothing(said) };
      this.#known.set(key, resolved);
    }
    this.#last = { fqn, at, own, resolved };
    return resolved;
  }

  /** Whether the same folders hold both. */
  #isBeside(fqn: readonly string[], other: readonly string[]): boolean {
    for (let i = 1; i <= this.#depth; i++) if (fqn[i] !== other[i]) return false;
    return true;
  }

  /** The numbers of those that are configured and hold it. */
  #foldersOf(fqn: readonly string[]): string {
    let at = "";
    for (let i = 0; i < this.#folders.length; i++) if (holds(this.#folders[i]!, fqn)) at += `${i} `;
    for (let i = 0; i < this.#above.length; i++) if (holds(this.#above[i]!, fqn)) at += `-${i} `;
    return at;
  }

  #merge(fqn: readonly string[], own: readonly Inputs[Kind][]): Inputs[Kind] {
    const said = (folders: readonly FolderConfig[]): Inputs[Kind][] =>
      folders.filter((folder) => holds(folder, fqn)).map(({ config }) => config as Inputs[Kind]);
    return [...said(this.#folders), ...own, ...said(this.#above)].reduce<Inputs[Kind] & Common>(
      (merged, layer: Inputs[Kind] & Common) => ({
        ...merged,
        ...layer,
        tags: [...new Set([...(merged.tags ?? []), ...(layer.tags ?? [])])],
        meta: { ...merged.meta, ...layer.meta },
        ...addHooks(merged, layer),
        ...(layer.docs && { docs: { ...merged.docs, ...layer.docs } }),
        ...(layer.contract && { contract: { ...merged.contract, ...layer.contract } }),
        ...(layer.column_types && { column_types: { ...merged.column_types, ...layer.column_types } }),
        ...(layer.grants && { grants: addGrants(merged.grants ?? {}, layer.grants) }),
      }),
      {} as Inputs[Kind],
    );
  }
}

/** A configuration with its defaults, and what was said of it in all places together, in dbt's spellings. */
export type Resolved<Config> = { readonly config: Config; readonly said: JsonObject };

function withoutNothing(said: object): JsonObject {
  const entries = Object.entries(said as JsonObject).filter(
    ([key, value]) =>
      // Both spellings of hooks are together in the one with the underscore.
      !key.endsWith("-hook") &&
      (typeof value !== "object" || value === null || Object.keys(value).length > 0),
  );
  return Object.fromEntries(entries.map(([key, value]) => [key.replace("_hook", "-hook"), value]));
}

const outermostFirst = (kind: ResourceKind, folders: readonly FolderConfig[]): FolderConfig[] =>
  folders.filter((folder) => folder.kind === kind).toSorted((a, b) => a.path.length - b.path.length);

/** Asked for every folder and every node: no function a folder, no list. */
export function holds({ path }: FolderConfig, fqn: readonly string[]): boolean {
  for (let i = 0; i < path.length; i++) if (path[i] !== fqn[i + 1]) return false;
  return true;
}

/** Of all kinds. */
export type AllConfigLayers = ReturnType<typeof configLayers>;

/** One a kind. */
export const configLayers = (folders: readonly FolderConfig[], above: readonly FolderConfig[] = []) => ({
  models: new ConfigLayers("models", folders, above, modelConfig),
  seeds: new ConfigLayers("seeds", folders, above, seedConfig),
  snapshots: new ConfigLayers("snapshots", folders, above, snapshotConfig),
  tests: new ConfigLayers("tests", folders, above, testConfig),
  sources: new ConfigLayers("sources", folders, above, (input: SourceConfigInput) => input),
});

/** Under one of their two spellings, those of the layers outside first. */
function addHooks(merged: Hooks, layer: Hooks): Hooks {
  const both = (kind: "pre" | "post"): readonly Hook[] => [
    ...(merged[`${kind}_hook`] ?? []),
    ...(layer[`${kind}-hook`] ?? []),
    ...(layer[`${kind}_hook`] ?? []),
  ];
  return { pre_hook: both("pre"), post_hook: both("post") };
}

/** A privilege takes the place of the same one outside; with a `+` it adds to it. */
function addGrants(outside: GrantsInput, layer: GrantsInput): GrantsInput {
  const merged = { ...outside };
  for (const [key, grantees] of Object.entries(layer)) {
    const privilege = key.replace(/^\+/, "");
    merged[privilege] = [...new Set([...(key === privilege ? [] : (outside[privilege] ?? [])), ...grantees])];
  }
  return merged;
}
