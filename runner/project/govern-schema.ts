import * as z from "zod";
import { plainText } from "./plain-text.ts";
import { parseInstant } from "../base/instants.ts";

/** Who may refer to a model, who owns it, and which of its versions is meant; dbt's words. */
const name = plainText.trim().min(1).max(255);

/** A group takes models, seeds, snapshots and tests. */
export const groupKey = { group: name.nullable() };

export const access = z.enum(["private", "protected", "public"]);

/** A view with the model's name, or another, that shows its latest version. */
export const pointerKey = {
  latest_version_pointer: z.strictObject({ enabled: z.boolean(), alias: name.optional() }),
};

/** `1`, `1.5`, `"2024"`, `final`: it becomes a part of names of files, of relations and of ids. */
export const versionId = z.union([
  z.number().min(0),
  z.string().regex(/^\w+(?:[.-]\w+)*$/, "must be a number or a word"),
]);

/** From this day or instant on, nobody should refer to it any more. */
export const deprecationDate = z
  .string()
  .refine((text) => parseInstant(text) !== null, 'must be a day or an instant: "2026-06-30"');

/** Of the columns that the model describes: which of them a version has. */
export const includeExclude = z.strictObject({
  include: z.union([z.enum(["all", "*"]), z.array(name)]),
  exclude: z.array(name).default([]),
});

export const groupSchema = z.strictObject({
  name,
  description: z.string().default(""),
  /** Whatever says who answers for it: `email`, `name`, `slack` … */
  owner: z.looseObject({
    name: z.string().optional(),
    email: z.union([z.string(), z.array(z.string())]).optional(),
  }),
  config: z.strictObject({ meta: z.record(z.string(), z.json()).default({}) }).prefault({}),
});

export type Version = z.infer<typeof versionId>;
export type Access = z.infer<typeof access>;
