import { connectionFromUrl } from "../../runner/project/postgres-target.ts";
import type { PostgresTarget } from "../../runner/project/types.ts";

export const postgresTarget = (url: string): PostgresTarget => ({
  type: "postgres",
  name: "dev",
  connection: connectionFromUrl(url, "/", {})!,
  schema: "shop",
  threads: 4,
  settings: {},
});
