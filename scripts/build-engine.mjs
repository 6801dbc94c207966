/**
 * DuckDB for the browser as the docs site ships it: of the 138 MB of its package the one WebAssembly that every browser of these years runs, packed, and
 * its worker. Packing takes seconds, so that it is kept until the package changes.
 */
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const from = "node_modules/@duckdb/duckdb-wasm";

const MIT = `Copyright 2018-2025 Stichting DuckDB Foundation

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files (the "Software"), to deal in
the Software without restriction, including without limitation the rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the
Software, and to permit persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A
PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION
OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
`;

export function buildEngine(outdir) {
  const { version } = JSON.parse(readFileSync(join(from, "package.json"), "utf8"));
  const kept = `node_modules/.cache/statloom/duckdb-${version}.wasm.gz`;
  if (!existsSync(kept)) {
    mkdirSync("node_modules/.cache/statloom", { recursive: true });
    writeFileSync(kept, gzipSync(readFileSync(join(from, "dist/duckdb-eh.wasm")), { level: 9 }));
  }
  mkdirSync(join(outdir, "vendor"), { recursive: true });
  copyFileSync(kept, join(outdir, "vendor/duckdb.wasm.gz"));
  const worker = readFileSync(join(from, "dist/duckdb-browser-eh.worker.js"), "utf8");
  writeFileSync(
    join(outdir, "vendor/duckdb.worker.js"),
    worker.replace(/\n\/\/# sourceMappingURL=.*\s*$/, "\n"),
  );
  writeFileSync(
    join(outdir, "vendor/duckdb.LICENSE.txt"),
    `DuckDB-Wasm ${version}, https://github.com/duckdb/duckdb-wasm\n\n${MIT}`,
  );
}
