import { z } from "zod";

const names = z.union([z.string().transform((name) => [name]), z.array(z.string())]);

/** Glued into SQL as it stands, so that it may hold nothing but words. */
const word = /^[a-z]+(?:[_ ][a-z]+)*$/i;

/** dbt's: `{select: [reader]}`; `+select` adds to what the folders outside say. */
const grants = z.record(
  z.string().regex(new RegExp(word.source.replace("^", "^\\+?"), "i"), "must be a privilege such as select"),
  names,
);

const index = z.strictObject({
  columns: z.union([z.string().transform((name) => [name]), z.array(z.string()).min(1)]),
  unique: z.boolean().optional(),
  /** How the engine keeps it, where it knows more than one way: `hash`. */
  type: z.string().regex(word, "must be a kind of index such as btree").optional(),
});

/** What is said of a relation besides its rows. */
export const relationKeys = {
  /** Descriptions become comments in the warehouse. */
  persist_docs: z.strictObject({ relation: z.boolean(), columns: z.boolean() }).partial(),
  grants,
  indexes: z.array(index),
};

export type GrantsInput = z.infer<typeof grants>;
export type IndexInput = z.infer<typeof index>;
