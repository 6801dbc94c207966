import type { ManifestFile, ManifestFileNode } from "../artifact-schemas.ts";
import { isSafe } from "./rich.ts";
import type { Fact } from "./types.ts";

/** What else is said of a node, where it is said: who owns it, who may read it, where it is from. */
export function factsOf(node: ManifestFileNode, manifest: ManifestFile): Fact[] {
  const meta = { ...node.meta, ...node.config.meta };
  const groupName = node.group ?? node.config.group;
  const group = Object.values(manifest.groups).find(({ name }) => name === groupName);
  const owner = ownerText(node.owner) || ownerText(group?.owner) || textOf(meta["owner"]);
  const { owner: _, ...rest } = meta;
  const facts: (readonly [label: string, text: string | null | undefined])[] = [
    ["Owner", owner],
    ["Group", groupName],
    ["Version", node.version === null || node.version === undefined ? null : String(node.version)],
    ["Access", node.access === "protected" ? null : node.access],
    ["Deprecated from", node.deprecation_date?.slice(0, 10)],
    ["Contract", node.contract?.enforced ? "enforced" : null],
    ["Loader", node.loader],
    ["Type", node.type],
    ["Address", node.url],
    ...Object.entries(rest).map(([key, value]) => [key, textOf(value)] as const),
  ];
  return facts.flatMap(([label, text]) =>
    text ? [{ label, text, ...(isSafe(text) && !text.startsWith("#") && { href: text }) }] : [],
  );
}

const ownerText = (owner: ManifestFileNode["owner"]): string =>
  [owner?.name, owner?.email].filter((part) => typeof part === "string").join(", ");

const textOf = (value: unknown): string =>
  value === undefined || value === null ? "" : typeof value === "string" ? value : JSON.stringify(value);
