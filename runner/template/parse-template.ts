import type { ParsedTemplate } from "./types.ts";

/** Text to tree. All mistakes of the file are in `problems`. */
export function parseTemplate(file: string, text: string): ParsedTemplate {
  return { template: { file, text, nodes: [] }, problems: [] };
}
