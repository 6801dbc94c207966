import * as z from "zod";
import { readIfThere, writeFileAtomic } from "../../base/files.ts";
import { rulesSchema } from "../../project/alerts-schema.ts";
import type { Rule } from "./judgement.ts";
import type { AlertState } from "./settle.ts";

const alert = z.object({
  rule: z.enum(Object.keys(rulesSchema.shape) as [Rule, ...Rule[]]),
  subject: z.string(),
  severity: z.enum(["error", "warn"]),
  title: z.string(),
  details: z.string(),
  since: z.string(),
});
const stateSchema = z.object({
  version: z.literal(1),
  open: z.array(alert.extend({ told: z.string(), channels: z.array(z.string()) })),
  outbox: z.array(
    z.object({
      channel: z.string(),
      since: z.string(),
      message: z.object({
        project: z.string(),
        origin: z.string(),
        at: z.string(),
        wrong: z.array(alert),
        well: z.array(alert),
      }),
    }),
  ),
});

/** What is known of alerts; nothing where the file is not there or cannot be understood: then what is wrong is told anew. */
export function readAlertState(path: string): AlertState {
  const text = readIfThere(path);
  if (text === undefined) return { open: [], outbox: [] };
  try {
    const { open, outbox } = stateSchema.parse(JSON.parse(text));
    return { open, outbox };
  } catch {
    return { open: [], outbox: [] };
  }
}

export const writeAlertState = (path: string, state: AlertState): void =>
  writeFileAtomic(path, `${JSON.stringify({ version: 1, ...state }, null, 1)}\n`);
