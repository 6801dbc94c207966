import { join } from "node:path";
import * as z from "zod";
import { writeFileAtomic } from "../../runner/base/files.ts";
import { stateFolder } from "../state/paths.ts";
import { readStateFile } from "../state/read-json.ts";
import type { TaskMemory } from "./tasks.ts";

const instant = z.string();
const schema = z.strictObject({
  version: z.literal(1),
  /** Null while no scheduler runs, or the last one was killed. */
  running: z.strictObject({ pid: z.number(), host: z.string(), since: instant }).nullable(),
  tasks: z.record(
    z.string(),
    z.strictObject({
      known: instant,
      started: instant.nullable(),
      finished: instant.nullable(),
      outcome: z.enum(["ok", "failed"]).nullable(),
      message: z.string().nullable(),
    }),
  ),
  /** The vintage of each dataset that the models were last built from: `eurostat/hlth_silc_13`. */
  built: z.record(z.string(), z.string()),
  build: z
    .strictObject({
      started: instant,
      finished: instant.nullable(),
      outcome: z.enum(["success", "failed", "broken", "stopped"]).nullable(),
      message: z.string().nullable(),
      /** Times in a row that it came to nothing, and when it is tried again. */
      attempts: z.number(),
      retry_at: instant.nullable(),
    })
    .nullable(),
});
export type ScheduleState = z.infer<typeof schema>;

const pathOf = (landing: string): string => join(stateFolder(landing), "_schedule.json");

/** What the scheduler knows, or knew when it was last there. */
export const readScheduleState = (landing: string): ScheduleState =>
  readStateFile(pathOf(landing), schema) ?? { version: 1, running: null, tasks: {}, built: {}, build: null };

/** Call with the scheduler's lock held. */
export const writeScheduleState = (landing: string, state: ScheduleState): void =>
  writeFileAtomic(pathOf(landing), `${JSON.stringify(state, null, 1)}\n`);

export const memoryOf = ({ tasks }: ScheduleState, name: string): TaskMemory | undefined =>
  Object.hasOwn(tasks, name) ? tasks[name] : undefined;
