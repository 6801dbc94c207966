import type { AnyNode, Graph } from "./types.ts";

/** Who answers for a node, in a line: the owner of its group, else what its `meta` says; null: nobody is named. */
export function ownerOf(node: AnyNode, { groups }: Graph): string | null {
  const group = "config" in node ? node.config.group : null;
  const found = group === null ? undefined : [...groups.values()].find(({ name }) => name === group);
  if (found === undefined) {
    const { owner } = node.meta;
    return typeof owner === "string" && owner !== "" ? owner : null;
  }
  const { name, email } = found.owner;
  const addresses = (Array.isArray(email) ? email : [email]).filter((one) => typeof one === "string");
  const shown = [
    typeof name === "string" ? name : "",
    addresses.length > 0 ? `<${addresses.join(", ")}>` : "",
  ];
  return `${shown.filter((part) => part !== "").join(" ")} (group ${found.name})`;
}
