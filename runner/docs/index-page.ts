import type { SiteData, SiteKind, SiteNode } from "./site-data.ts";

const escapes: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};
const escape = (text: string): string => text.replaceAll(/[&<>"']/g, (char) => escapes[char]!);

/** Headings of the list, in the order in which data flows. */
const headings: Readonly<Record<SiteKind, string>> = {
  source: "Sources",
  seed: "Seeds",
  snapshot: "Snapshots",
  staging: "Staging models",
  intermediate: "Intermediate models",
  mart: "Mart models",
  model: "Models",
  exposure: "Exposures",
};

/** Scripts in the order in which they run; classic ones, because browsers load no modules from a folder on disk. */
export const scripts = [
  "data.js",
  "dom.js",
  "sql.js",
  "camera.js",
  "graph.js",
  "panel.js",
  "search.js",
  "main.js",
] as const;

/**
 * The page: the frame that the scripts fill, and everything as a plain list for print and for browsers without
 * scripts. No inline script or style and no other host, which its own content security policy enforces.
 */
export function indexPage(data: SiteData): string {
  const title = escape(data.project || "Lineage");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${title} · lineage</title>
<link rel="icon" href="icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="site.css">
<link rel="stylesheet" href="panel.css">
${scripts.map((name) => `<script defer src="${name}"></script>`).join("\n")}
</head>
<body>
<header class="bar">
<h1><img src="icon.svg" alt="" width="26" height="26"><span>${title}</span></h1>
<p class="summary" id="summary"></p>
<div class="search" role="search"><input id="search" type="search" placeholder="Search names, columns, descriptions" aria-label="Search" autocomplete="off" spellcheck="false"><kbd aria-hidden="true">/</kbd><ul id="results" role="listbox" aria-label="Search results" hidden></ul></div>
<button type="button" id="theme" class="icon-button" aria-label="Switch between light and dark">◐</button>
</header>
<div class="stage">
<section class="graph" id="graph" aria-label="Lineage graph"></section>
<aside class="panel" id="panel" aria-label="Details" hidden></aside>
</div>
<main class="list" id="list">
${lists(data)}
</main>
</body>
</html>
`;
}

function lists({ nodes, generatedAt }: SiteData): string {
  const kinds = (Object.keys(headings) as SiteKind[]).filter((kind) =>
    nodes.some((node) => node.kind === kind),
  );
  const names = new Map(nodes.map((node) => [node.id, node.name]));
  const sections = kinds.map((kind) => {
    const items = nodes.filter((node) => node.kind === kind).map((node) => listItem(node, names));
    return `<h2>${headings[kind]}</h2>\n<ul>\n${items.join("\n")}\n</ul>`;
  });
  return `${sections.join("\n")}\n<p class="made">Generated ${escape(generatedAt)}</p>`;
}

function listItem(node: SiteNode, names: ReadonlyMap<string, string>): string {
  const facts = [
    node.shape,
    node.outcome.word,
    node.parents.length > 0 && `from ${node.parents.map((id) => names.get(id) ?? id).join(", ")}`,
    node.tests.length > 0 && testSummary(node),
  ].filter((fact) => typeof fact === "string" && fact !== "") as string[];
  const description = node.description ? `<p>${escape(node.description)}</p>` : "";
  return `<li><b>${escape(node.name)}</b> <span>${escape(facts.join(" · "))}</span>${description}</li>`;
}

/** `5 tests, 1 failed` */
function testSummary({ tests }: SiteNode): string {
  const failed = tests.filter((test) => test.outcome.status === "bad").length;
  return `${tests.length} ${tests.length === 1 ? "test" : "tests"}${failed > 0 ? `, ${failed} failed` : ""}`;
}
