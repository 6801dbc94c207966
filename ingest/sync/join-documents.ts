import { createReadStream, createWriteStream } from "node:fs";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";

/** The documents of an edition's parts as one, to be kept: a JSON-stat collection of embedded datasets. */
export async function joinDocuments(paths: readonly string[]): Promise<string> {
  const joined = join(dirname(paths[0]!), "joined.json");
  await pipeline(async function* () {
    yield '{"version":"2.0","class":"collection","link":{"item":[';
    for (const [i, path] of paths.entries()) {
      if (i > 0) yield ",\n";
      yield* createReadStream(path) as AsyncIterable<Buffer>;
    }
    yield "]}}\n";
  }, createWriteStream(joined));
  return joined;
}
