import type { Relation } from "./types.ts";

/** Who has the name of a relation, in which upper and lower case are one. */
export class RelationNames<Owner> {
  readonly #schemas = new Map<string, Map<string, Owner>>();

  /** Gives the name to an owner, and tells whose it was. */
  give({ schema, identifier }: Relation, owner: Owner): Owner | undefined {
    const [inSchema, name] = [schema.toLowerCase(), identifier.toLowerCase()];
    let owners = this.#schemas.get(inSchema);
    if (owners === undefined) this.#schemas.set(inSchema, (owners = new Map()));
    const before = owners.get(name);
    owners.set(name, owner);
    return before;
  }

  ownerOf({ schema, identifier }: Relation): Owner | undefined {
    return this.#schemas.get(schema.toLowerCase())?.get(identifier.toLowerCase());
  }
}
