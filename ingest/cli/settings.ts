import { resolve } from "node:path";
import { alertsSchema } from "../../runner/project/alerts-schema.ts";
import type { AlertsConfig } from "../../runner/project/alerts-schema.ts";
import { withDotEnv } from "../../runner/project/dot-env.ts";
import { findProject } from "../../runner/project/find-project.ts";
import { readProjectFile } from "../../runner/project/read-project-file.ts";
import type {
  DatasetConfig,
  DriftConfig,
  PublisherConfig,
  StagingConfig,
} from "../../runner/project/project-schema.ts";
import { scheduleSchema } from "../../runner/project/schedule-schema.ts";
import type { ScheduleConfig } from "../../runner/project/schedule-schema.ts";
import type { IngestEffects } from "./effects.ts";

/** Where to land, and how: from `sql_project.yaml`, or from the command line alone. */
export type Settings = {
  /** Absolute; sources are named relative to it. */
  readonly root: string;
  /** With the project's `.env`; holds secrets. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute. */
  readonly landing: string;
  readonly maxRejected: number | undefined;
  readonly keepDocument: boolean;
  readonly drift: DriftConfig | undefined;
  readonly staging: StagingConfig | undefined;
  readonly publishers: Readonly<Record<string, PublisherConfig>>;
  readonly datasets: readonly DatasetConfig[];
  readonly schedule: ScheduleConfig;
  /** What the project is called in alerts, and who is told. */
  readonly name: string;
  readonly alerts: AlertsConfig;
};

export type SettingsOptions = {
  readonly projectDir: string | undefined;
  /** A target of the project, which may have a landing folder of its own; else the default one. */
  readonly target: string | undefined;
  /** A folder to land in without any project. */
  readonly landing: string | undefined;
};

export async function readSettings(
  { cwd, env }: Pick<IngestEffects, "cwd" | "env">,
  { projectDir, target, landing }: SettingsOptions,
): Promise<Settings> {
  if (landing !== undefined && projectDir === undefined) {
    return {
      root: cwd,
      env,
      landing: resolve(cwd, landing),
      maxRejected: undefined,
      keepDocument: false,
      drift: undefined,
      staging: undefined,
      publishers: {},
      datasets: [],
      schedule: scheduleSchema.parse({}),
      name: "statloom",
      alerts: alertsSchema.parse({}),
    };
  }
  const root = findProject(cwd, projectDir);
  const known = withDotEnv(root, env);
  const project = await readProjectFile(root, { env: known, target });
  return {
    root,
    env: known,
    landing: landing === undefined ? project.landing : resolve(cwd, landing),
    maxRejected: project.data.ingest.max_rejected,
    keepDocument: project.data.ingest.keep_document,
    drift: project.data.ingest.drift,
    staging: project.data.ingest.staging,
    publishers: project.data.ingest.publishers,
    datasets: project.data.ingest.datasets,
    schedule: project.data.ingest.schedule,
    name: project.data.name,
    alerts: project.data.alerts,
  };
}

/** What the project says of one dataset; names are compared as their folders are. */
export function datasetSettings(
  { datasets }: Pick<Settings, "datasets">,
  publisher: string,
  dataset: string,
): DatasetConfig | undefined {
  return datasets.find(
    (config) =>
      config.publisher.toLowerCase() === publisher.toLowerCase() &&
      config.code?.toLowerCase() === dataset.toLowerCase(),
  );
}
