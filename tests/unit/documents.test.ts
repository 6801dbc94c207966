import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";

const documents = [".", "docs"].flatMap((folder) =>
  readdirSync(folder)
    .filter((name) => name.endsWith(".md"))
    .map((name) => join(folder, name)),
);

test("what documents link to is there, headings too", () => {
  const broken = documents.flatMap((document) => {
    const text = readFileSync(document, "utf8");
    const links = [...text.matchAll(/\]\((?!https?:)([^)\s]+)\)|src="(?!https?:)([^"]+)"/g)];
    return links.flatMap(([, link, source]) => {
      const [path = "", heading] = (link ?? source)!.split("#");
      const file = path === "" ? document : join(dirname(document), path);
      if (!existsSync(file)) return [`${document}: ${path}`];
      return heading === undefined || headings(file).includes(heading)
        ? []
        : [`${document}: ${path}#${heading}`];
    });
  });
  assert.deepEqual(broken, []);
});

const headings = (file: string): string[] =>
  [...readFileSync(file, "utf8").matchAll(/^#+ (.+)$/gm)].map(([, words]) =>
    words!
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} -]/gu, "")
      .replaceAll(" ", "-"),
  );
