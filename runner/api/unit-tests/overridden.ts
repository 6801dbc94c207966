import type { Json, JsonObject } from "../../base/json.ts";
import type { Project } from "../../project/types.ts";
import { duckdb } from "../../dialects/duckdb.ts";
import type { UnitTestNode } from "../../graph/types.ts";
import type { MacroLibrary } from "../../template/macro-library.ts";
import type { Macro } from "../../template/types.ts";
import type { OpenProject } from "../open-project.ts";

/** The project as a unit test wants it: its vars, environment, clock and macros, in DuckDB's words. */
export function overridden(open: OpenProject, { overrides }: UnitTestNode): OpenProject {
  const { vars, envVars, macros, now } = overrides;
  return {
    ...open,
    dialect: duckdb,
    project: withVars(open.project, { ...open.project.vars, ...vars }),
    effects: { ...open.effects, env: { ...open.effects.env, ...envVars } },
    startedAt: now === null ? open.startedAt : new Date(now).toISOString(),
    parsed: { ...open.parsed, library: withValues(open.parsed.library, macros) },
  };
}

/** Without asking for its files, which are read when they are asked for. */
const withVars = (project: Project, vars: JsonObject): Project =>
  Object.defineProperties({} as Project, {
    ...Object.getOwnPropertyDescriptors(project),
    vars: { value: vars, enumerable: true },
  });

/** Calls of these macros come to these values, whatever they are called with: text as SQL. */
function withValues(library: MacroLibrary, values: Readonly<Record<string, Json>>): MacroLibrary {
  const fixed = new Map(
    Object.entries(values).map(([name, value]): [string, Macro] => [
      name,
      { kind: "script", name, package: null, file: "unit test", required: 0, text: "", call: () => value },
    ]),
  );
  if (fixed.size === 0) return library;
  return {
    ...library,
    find: (name, packageName, callerPackage) =>
      fixed.get(packageName === null ? name : `${packageName}.${name}`) ??
      library.find(name, packageName, callerPackage),
  };
}

/** What DuckDB's clock says instead: macros of a session go before its own functions. */
export function frozenClock(now: string): readonly string[] {
  const instant = duckdb.literal(new Date(now).toISOString());
  const zoned = `cast(${instant} as timestamptz)`;
  const local = `cast(${zoned} as timestamp)`;
  return [
    ...["now", "current_timestamp", "get_current_timestamp", "transaction_timestamp"].map((name) => [
      name,
      zoned,
    ]),
    ...["localtimestamp", "current_localtimestamp"].map((name) => [name, local]),
    ...["today", "current_date"].map((name) => [name, `cast(${local} as date)`]),
    ...["localtime", "current_localtime", "get_current_time"].map((name) => [name, `cast(${local} as time)`]),
  ].map(([name, value]) => `create temporary macro ${name}() as ${value}`);
}
