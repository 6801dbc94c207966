/**
 * Bundles the pages of the docs site: `app.js` with the frame and everything in kit/, and one script a page that shares them. Classic
 * scripts, since browsers load no modules from a folder on disk; a page's script is asked for when the page is opened.
 */
import { copyFileSync, existsSync, readdirSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";
import { build } from "esbuild";

const web = "runner/docs/web";
const libraries = ["preact", "preact/hooks", "preact/jsx-runtime"];
const kitFiles = () =>
  readdirSync(`${web}/kit`, { recursive: true })
    .map((name) => name.replaceAll("\\", "/"))
    .filter((name) => /\.tsx?$/.test(name))
    .toSorted();
const pageNames = () =>
  readdirSync(`${web}/pages`).filter((name) => existsSync(`${web}/pages/${name}/page.tsx`));

const common = {
  bundle: true,
  format: "iife",
  platform: "browser",
  target: ["chrome123", "firefox120", "safari17.5"],
  minify: true,
  charset: "utf8",
  legalComments: "none",
  jsx: "automatic",
  jsxImportSource: "preact",
  logLevel: "warning",
};

/** In a page, what the frame already has is taken from it. */
const shared = {
  name: "shared",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^preact(\/|$)/ }, ({ path }) => ({ path, namespace: "shared" }));
    onResolve({ filter: /\/kit\// }, ({ path, importer }) => {
      const file = relative(resolve(web), resolve(dirname(importer), path)).replaceAll("\\", "/");
      return file.startsWith("kit/") && !file.endsWith(".css")
        ? { path: file, namespace: "shared" }
        : undefined;
    });
    onLoad({ filter: /.*/, namespace: "shared" }, ({ path }) => ({
      contents: `module.exports = statloom.shared[${JSON.stringify(path)}];`,
    }));
  },
};

/** Arrow's builders compile code from text, which the pages' policy forbids; nothing here uses them, and so that code is left out. */
const withoutBuilders = {
  name: "without-builders",
  setup({ onLoad }) {
    onLoad({ filter: /apache-arrow[\\/]builder[\\/]valid\.mjs$/ }, () => ({
      contents: 'export function createIsValidFunction() { throw new Error("no builders here"); }',
    }));
  },
};

/** Writes the site's scripts and styles to a folder; says what went into each of them. */
export async function buildSite(outdir) {
  const names = [...libraries, ...kitFiles().map((name) => `kit/${name}`)];
  const lines = [
    'import "./styles/base.css";',
    'import { start } from "./frame/start.tsx";',
    ...names.map(
      (name, i) => `import * as m${i} from ${JSON.stringify(name.startsWith("kit/") ? `./${name}` : name)};`,
    ),
    `start({ ${names.map((name, i) => `${JSON.stringify(name)}: m${i}`).join(", ")} });`,
  ];
  const app = build({
    ...common,
    stdin: { contents: lines.join("\n"), resolveDir: web, sourcefile: "app.ts", loader: "ts" },
    outfile: `${outdir}/app.js`,
    metafile: true,
  });
  const pages = pageNames().map((name) =>
    build({
      ...common,
      entryPoints: [`${web}/pages/${name}/page.tsx`],
      outfile: `${outdir}/pages/${name}.js`,
      globalName: `statloom.pages.${name}`,
      plugins: [shared, withoutBuilders],
      metafile: true,
    }),
  );
  const built = await Promise.all([app, ...pages]);
  copyFileSync(`${web}/icon.svg`, `${outdir}/icon.svg`);
  return built.map(({ metafile }) => metafile);
}
