import { join, relative } from "node:path";

const root = join(import.meta.dirname, "../..");

/** Where `compileTests` puts a file: under the path that it has below the folder itself, else below the project's. */
export function compiledPath(path: string, folder: string): string {
  const below = relative(path.startsWith(folder) ? folder : root, path);
  return join(folder, below.replace(/\.m?[jt]s$/, ".js"));
}

/** What Node is told to run a script of the tests, by its absolute path: as it was compiled with the tests, else by way of tsx. */
export function argumentsFor(script: string): string[] {
  const compiled = process.env["STATLOOM_TESTS_COMPILED"];
  if (compiled === undefined) return ["--import", "tsx", script];
  return ["--enable-source-maps", compiledPath(script, compiled)];
}
