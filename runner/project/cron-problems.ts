import { isObject } from "../base/json.ts";
import type { Problem } from "../base/problems.ts";
import type { ProjectFile } from "./project-schema.ts";
import type { Path, YamlFile } from "./yaml.ts";

/** Cron patterns are read by the library that will run them, and only when there are any. */
export async function cronProblems({ ingest }: ProjectFile, yaml: YamlFile): Promise<Problem[]> {
  const patterns: [Path, string][] = ingest.datasets.flatMap(({ schedule }, i): [Path, string][] =>
    schedule === undefined ? [] : [[["ingest", "datasets", i, "schedule"], schedule]],
  );
  for (const key of ["feed", "catalog", "freshness"] as const) {
    const pattern = ingest.schedule[key];
    if (pattern !== false && isWritten(yaml.value, key))
      patterns.push([["ingest", "schedule", key], pattern]);
  }
  if (patterns.length === 0) return [];
  const { Cron } = await import("croner");
  return patterns.flatMap(([path, pattern]): Problem[] => {
    try {
      new Cron(pattern, { paused: true });
      return [];
    } catch (error) {
      const { file, line, column } = yaml.placeOf(path);
      const why = error instanceof Error ? error.message.replace(/^CronPattern: /, "") : "";
      return [
        {
          file,
          line,
          column,
          code: "CRON_INVALID",
          message: `"${pattern}" is not a cron pattern: ${why}`,
          hint: 'minute hour day month weekday, such as "15 11,23 * * *"',
        },
      ];
    }
  });
}

/** Ours need no check. */
function isWritten(file: unknown, key: string): boolean {
  const ingest = isObject(file) ? file["ingest"] : undefined;
  const schedule = isObject(ingest) ? ingest["schedule"] : undefined;
  return isObject(schedule) && key in schedule;
}
