let registered = false;

/**
 * Lets Node 20 import `.ts` files: a module hook removes the types with `amaro`, which is what later Nodes have built in.
 * Newer Nodes, Bun and Deno need none. Throws when `amaro` is missing.
 */
export async function stripTypesOnImport(): Promise<void> {
  if (registered || stripsTypes()) return;
  const amaro = import.meta.resolve("amaro");
  const source = `
    import { readFile } from "node:fs/promises";
    import { fileURLToPath } from "node:url";
    import amaro from ${JSON.stringify(amaro)};
    export async function load(url, context, next) {
      if (!/^file:.*\\.m?ts$/.test(url.split(/[?#]/)[0]) || url.includes("/node_modules/")) return next(url, context);
      const text = await readFile(fileURLToPath(url), "utf8");
      let code;
      try {
        code = amaro.transformSync(text, { mode: "strip-only" }).code;
      } catch (error) {
        throw new SyntaxError(String(error?.message ?? error));
      }
      return { format: "module", shortCircuit: true, source: code + "\\n//# sourceURL=" + url };
    }`;
  // Not every runtime that needs no hook has this function.
  const { register } = await import("node:module");
  register(`data:text/javascript,${encodeURIComponent(source)}`);
  registered = true;
}

function stripsTypes(): boolean {
  const features = process.features as { readonly typescript?: string | false };
  return Boolean(features.typescript) || "Bun" in globalThis || "Deno" in globalThis;
}
