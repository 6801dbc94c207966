let registered = false;

/**
 * What a module imports by a relative path is read again with the module itself, when that was saved: addresses that end in
 * `?saved=…` pass their ending on. Runtimes without module hooks go on with what they imported first.
 */
export async function importSavedAgain(): Promise<void> {
  if (registered || "Bun" in globalThis || "Deno" in globalThis) return;
  const source = `
    export async function resolve(specifier, context, next) {
      const found = await next(specifier, context);
      const saved = /[?]saved=[0-9a-f]+$/.exec(context.parentURL ?? "");
      if (saved === null || !/^[.]{1,2}[/]/.test(specifier) || !found.url.startsWith("file:")) return found;
      return { ...found, url: found.url + saved[0] };
    }`;
  const { register } = await import("node:module");
  register(`data:text/javascript,${encodeURIComponent(source)}`);
  registered = true;
}
