import { XMLParser } from "fast-xml-parser";
import { OperationError, messageOf } from "../../runner/base/errors.ts";
import { isObject } from "../../runner/base/json.ts";

export type Xml = { readonly [name: string]: unknown };

/**
 * An XML document as objects: elements by their local names, attributes with `@` before theirs, text under `#text`. Only the five entities of XML
 * itself and numbers are read; what a document declares of its own is not.
 */
export function parseXml(text: string): Xml {
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: "@",
    removeNSPrefix: true,
    parseTagValue: false,
    parseAttributeValue: false,
    processEntities: false,
  });
  try {
    return parser.parse(text) as Xml;
  } catch (error) {
    throw new OperationError("XML_INVALID", `the answer is not whole XML: ${messageOf(error)}`, {
      cause: error,
      retryable: true,
    });
  }
}

/** Every element of a name that stands directly in `parent`, whether there is none, one or many. */
export function children(parent: unknown, name: string): readonly unknown[] {
  if (!isObject(parent)) return [];
  const found = parent[name];
  return found === undefined ? [] : Array.isArray(found) ? (found as unknown[]) : [found];
}

/** The first element at the end of a path. */
export function child(parent: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((at, name) => children(at, name)[0], parent);
}

/** The text of an element, its references read; null for one that is not there or empty. */
export function textOf(element: unknown): string | null {
  const raw = isObject(element) ? element["#text"] : element;
  const text = typeof raw === "string" ? decode(raw).trim() : "";
  return text === "" ? null : text;
}

export function attribute(element: unknown, name: string): string | null {
  const raw = isObject(element) ? element[`@${name}`] : undefined;
  return typeof raw === "string" ? decode(raw) : null;
}

const ENTITIES: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

/** Once, from left to right: `&amp;lt;` is `&lt;`. */
const decode = (text: string): string =>
  text.replaceAll(
    /&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(lt|gt|amp|quot|apos));/gi,
    (whole, decimal, hex, name) => {
      if (name !== undefined) return ENTITIES[String(name).toLowerCase()] ?? whole;
      const point = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
      return point <= 0x10_ff_ff ? String.fromCodePoint(point) : whole;
    },
  );
