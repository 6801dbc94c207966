import * as z from "zod";

/** `alerts:` of `sql_project.yaml`: who is told of what. A channel with an empty `url` is told nothing: `"${SLACK_URL:-}"`. */
const address = (...protocols: readonly string[]) =>
  z
    .string()
    .refine(
      (url) => url === "" || (URL.canParse(url) && protocols.includes(new URL(url).protocol)),
      `must be an address that begins with ${protocols.join(" or ")}//`,
    );
const web = address("https:", "http:");
const name = z.string().min(1);

const channelSchema = z.discriminatedUnion("type", [
  z.strictObject({ name, type: z.literal("slack"), url: web }),
  /** A Teams workflow that takes adaptive cards. */
  z.strictObject({ name, type: z.literal("teams"), url: web }),
  /** A robot of a DingTalk group; `secret` is what it signs with, where it is set to. */
  z.strictObject({ name, type: z.literal("dingtalk"), url: web, secret: z.string().default("") }),
  /** Plain JSON. */
  z.strictObject({
    name,
    type: z.literal("webhook"),
    url: web,
    headers: z
      .record(z.string().regex(/^[A-Za-z0-9-]+$/, "must hold names of headers"), z.string())
      .default({}),
  }),
  /** `smtp://user:password@host:587`, or `smtps:` for TLS from the start. */
  z.strictObject({
    name,
    type: z.literal("email"),
    url: address("smtp:", "smtps:"),
    from: z.string().min(3),
    to: z.union([z.string(), z.array(z.string()).min(1)]),
  }),
]);

const channels = z.array(name).optional();
const rule = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.union([z.boolean(), z.strictObject({ channels, ...shape })]).default(true);
const share = z.number().min(0).max(1);

/** All rules hold unless one is `false`; each tells all channels unless it names some. */
export const rulesSchema = z.strictObject({
  /** A node could not be built, a run or a download came to nothing. */
  failed_run: rule({}),
  /** `severity: warn` tells of tests that only warn as well. */
  test_failure: rule({ severity: z.enum(["error", "warn"]).default("error") }),
  stale_source: rule({ severity: z.enum(["error", "warn"]).default("warn") }),
  /** The share of cells of a landed edition that could not be read. */
  rejected_share: rule({ above: share.default(0.001) }),
  /** The share of rows that an edition or a table has lost against the one before it. */
  rows_fallen: rule({ by: share.default(0.25) }),
  /** `times` the median of the last `runs`, and at least `seconds` more. */
  slower_than_usual: rule({
    times: z.number().min(1).default(3),
    seconds: z.number().min(0).default(30),
    runs: z.number().int().min(3).max(1000).default(20),
  }),
});

export const alertsSchema = z
  .strictObject({
    channels: z.array(channelSchema).default([]),
    rules: rulesSchema.prefault({}),
    /** Hours after which what is still wrong is told again; never unless told. */
    remind_after_hours: z.number().positive().optional(),
  })
  .superRefine(({ channels: declared, rules }, context) => {
    const names = declared.map((channel) => channel.name);
    for (const [i, one] of names.entries())
      if (names.indexOf(one) !== i)
        context.addIssue({
          code: "custom",
          path: ["channels", i, "name"],
          message: `"${one}" is there twice`,
        });
    for (const [key, value] of Object.entries(rules)) {
      const named = typeof value === "boolean" ? [] : (value.channels ?? []);
      for (const [i, one] of named.entries())
        if (!names.includes(one))
          context.addIssue({
            code: "custom",
            path: ["rules", key, "channels", i],
            message: `names no channel; there ${names.length === 0 ? "is none" : `are ${names.join(", ")}`}`,
          });
    }
  });

export type AlertsConfig = z.infer<typeof alertsSchema>;
export type ChannelConfig = z.infer<typeof channelSchema>;
