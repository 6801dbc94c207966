import * as z from "zod";

/** A time that something may take or be: `{count: 2, period: day}`. */
const limit = z.strictObject({
  count: z.number().int().positive(),
  period: z.enum(["minute", "hour", "day"]),
});

/** What the schema `meta` remembers of runs, and for how long; without a time, for good. */
export const historySchema = z.strictObject({ keep: limit.nullable().default(null) });
export type HistoryConfig = z.infer<typeof historySchema>;

/** How old something may be before that is told, and before it is an error. */
export const freshnessSchema = z
  .strictObject({
    warn_after: limit.nullable().optional(),
    error_after: limit.nullable().optional(),
    /** Which rows count. */
    filter: z.string().optional(),
  })
  .nullable();

/** Where the age is read: a column or an expression of the table, or a query that gives one instant. */
export const loadedAtKeys = {
  loaded_at_field: z.string().nullable().optional(),
  loaded_at_query: z.string().trim().min(1).nullable().optional(),
};
