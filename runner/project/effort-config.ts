import * as z from "zod";

const UNITS: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3600 };

/** Seconds, or a number with its unit: `90s`, `10m`, `1.5h`. */
const duration = z.union([
  z.number().positive("must be more than 0 seconds"),
  z
    .string()
    .regex(/^\d+(?:\.\d+)?\s*(?:ms|s|m|h)$/, 'must be seconds, or a time such as "90s" or "10m"')
    .transform((text) => Number.parseFloat(text) * UNITS[/[a-z]+$/.exec(text)![0]]!),
]);

const times = "must be a number of times from 0 to 20";
const count = z.number().int(times).min(0, times).max(20, times);

/** How much is tried before a node counts as failed. */
export const effortKeys = {
  /** Of one statement after the other until the node is there; of microbatch, of each batch. */
  timeout: duration,
  retries: z.union([
    count.transform((times) => ({ count: times, delay: undefined })),
    z.strictObject({ count, delay: duration.optional() }),
  ]),
};

/** dbt's: what becomes of the nodes below one that fails. */
export const onErrorKey = { on_error: z.enum(["skip_children", "continue"]) };
