import * as z from "zod";

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

/** Of a range: how much time, or how many numbers, are in one partition. */
export const partitioning = z
  .strictObject({
    type: z.enum(["range", "list"]),
    field: z.string().min(1),
    granularity: z.enum(["hour", "day", "month", "year"]).optional(),
    interval: z.number().int().positive().optional(),
    /** One for rows that fit no range; without it they are refused. */
    default_partition: z.boolean().optional(),
  })
  .refine(
    ({ type, granularity, interval }) =>
      (type === "range") === ((granularity === undefined) !== (interval === undefined)),
    'with type "range" must have either granularity (of a time) or interval (of a number), with "list" neither',
  );

/** What is said of a relation besides its rows. */
export const relationKeys = {
  /** Descriptions become comments in the warehouse. */
  persist_docs: z.strictObject({ relation: z.boolean(), columns: z.boolean() }).partial(),
  grants,
  indexes: z.array(index),
};

export type GrantsInput = z.infer<typeof grants>;
