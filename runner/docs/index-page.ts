import { policyFor } from "./policy.ts";

const escapes: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};
const escape = (text: string): string => text.replaceAll(/[&<>"']/g, (char) => escapes[char]!);

/** A page: a frame that the scripts fill. There is one, and one beside it that may run queries. No inline script or style and no other host, which its own policy enforces. */
export const indexPage = (project: string, runsQueries = false): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policyFor(runsQueries)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${escape(project || "Statloom")}</title>
<link rel="icon" href="icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="app.css">
<script defer src="app.js"></script>
<script defer src="data/frame.js"></script>
</head>
<body>
<div id="app"></div>
<noscript><p>${escape(project || "This site")}: the pages are drawn by scripts that lie beside this file, and ask nobody else for anything. Allow them to run.</p></noscript>
</body>
</html>
`;
