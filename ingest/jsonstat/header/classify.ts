import { isObject } from "../../../runner/base/json.ts";

/** A place in a document where a dataset stands, and the key a bundle lists it under. */
export type Candidate = {
  readonly path: readonly string[];
  readonly bundleKey: string | null;
  readonly header: Readonly<Record<string, unknown>>;
};

export type Refusal = { readonly code: string; readonly message: string; readonly hint?: string };

/** Finds the datasets of a document in any of its forms, or says why there is none. */
export function classify(header: unknown): readonly Candidate[] | Refusal {
  if (!isObject(header)) {
    return notJsonStat(Array.isArray(header) ? "a JSON array" : `the JSON value ${clip(header)}`);
  }
  const refusal = readRefusal(header);
  if (refusal !== undefined) return refusal;
  const { result, class: kind } = header;
  const bundled = bundledDatasets(header);
  const embedded = embeddedDatasets(header, []);
  const forms = [isDataset(header), isObject(result), bundled.length > 0, embedded.length > 0];
  if (forms.filter(Boolean).length > 1 || (kind === "collection" && isDataset(header))) return AMBIGUOUS;
  if (isObject(result)) {
    const inside = classify(result);
    return "code" in inside ? inside : inside.map((found) => ({ ...found, path: ["result", ...found.path] }));
  }
  if (embedded.length > 0) return embedded;
  if (kind === "collection") return linksOnly(header);
  if (kind === "dimension") return DIMENSION_ONLY;
  if (kind === "dataset" || isDataset(header)) return [{ path: [], bundleKey: null, header }];
  return bundled.length > 0 ? bundled : notJsonStat(describeMembers(header));
}

const AMBIGUOUS: Refusal = {
  code: "AMBIGUOUS",
  message: "datasets stand inside one another, or in several forms at once",
  hint: "it may be two documents mixed up: fetch it again",
};

const DIMENSION_ONLY: Refusal = {
  code: "CLASS_DIMENSION",
  message: 'a dimension without data (class "dimension")',
  hint: "fetch the dataset it belongs to",
};

/** Members of a dataset that may hold anything, a dimension called "dimension" included, and the `result` of JSON-RPC. */
const NO_BUNDLE_KEYS = new Set(["dimension", "extension", "link", "role", "result"]);

/** 1.x: `{"dataset": {…}}`, or several datasets by id. */
function bundledDatasets(header: Readonly<Record<string, unknown>>): readonly Candidate[] {
  return Object.entries(header).flatMap(([key, member]): Candidate[] =>
    isObject(member) && isDataset(member) && !NO_BUNDLE_KEYS.has(key)
      ? [{ path: [key], bundleKey: key === "dataset" ? null : key, header: member }]
      : [],
  );
}

function describeMembers(header: Readonly<Record<string, unknown>>): string {
  const names = Object.keys(header).slice(0, 8);
  return names.length === 0
    ? "an empty JSON object"
    : `a JSON object of ${names.map((name) => clip(name)).join(", ")}`;
}

function linksOnly(header: Readonly<Record<string, unknown>>): Refusal {
  const count = listItems(header).length;
  return {
    code: "LINKS_ONLY",
    message: `a collection of ${count} link${count === 1 ? "" : "s"} and no data`,
    hint: "fetch the datasets that it links to",
  };
}

/** Items that are whole datasets, also in collections within; an item that is only a link has nothing to read here. */
function embeddedDatasets(header: Readonly<Record<string, unknown>>, path: readonly string[]): Candidate[] {
  return listItems(header).flatMap((item, i): Candidate[] => {
    const at = [...path, "link", "item", String(i)];
    if (!isObject(item)) return [];
    if (isDataset(item)) return [{ path: at, bundleKey: null, header: item }];
    return item["class"] === "collection" ? embeddedDatasets(item, at) : [];
  });
}

function listItems(header: Readonly<Record<string, unknown>>): readonly unknown[] {
  const link = header["link"];
  return isObject(link) && Array.isArray(link["item"]) ? link["item"] : [];
}

const isDataset = (header: Readonly<Record<string, unknown>>): boolean => isObject(header["dimension"]);

/**
 * What services answer instead of data: Eurostat's `{"error": [{status, id, label}]}` and its asynchronous
 * `{"warning": {status, label}}`, JSON-RPC's `{"error": {code, message}}`, RFC 7807's `{title, status, detail}`, class "error".
 */
function readRefusal(header: Readonly<Record<string, unknown>>): Refusal | undefined {
  if (header["warning"] !== undefined && !isDataset(header)) {
    return {
      code: "API_WARNING",
      message: `the publisher answered with a warning: ${describe(header["warning"])}`,
      hint: "ask for the same address again later: the answer is being prepared",
    };
  }
  const error = header["error"];
  if (error !== undefined && error !== null && !isDataset(header)) {
    return apiError(error);
  }
  const isProblem = typeof header["status"] === "number" && typeof header["title"] === "string";
  if (header["class"] === "error" || (isProblem && !isDataset(header))) {
    return apiError(header);
  }
  return undefined;
}

const apiError = (error: unknown): Refusal => {
  const said = describe(error);
  return {
    code: "API_ERROR",
    message: `the publisher answered with an error: ${said}`,
    ...(/too[_ ]big|too[_ ]large|too many/i.test(said) && {
      hint: "ask for less of it, or let ingest sync fetch it, which asks for it in parts",
    }),
  };
};

function describe(error: unknown): string {
  if (typeof error === "string") return error.slice(0, 500);
  if (Array.isArray(error)) return error.map(describe).join("; ").slice(0, 1000);
  if (!isObject(error)) return clip(error);
  const words = ["label", "message", "detail", "title", "data"].flatMap((name) =>
    typeof error[name] === "string" ? [error[name]] : [],
  );
  const status = error["status"] ?? error["code"];
  const text = words.length > 0 ? words.slice(0, 2).join(": ") : clip(error);
  return `${typeof status === "number" ? `${status} ` : ""}${text}`.slice(0, 500);
}

function notJsonStat(what: string): Refusal {
  return {
    code: "NOT_JSON_STAT",
    message: `${what} is not JSON-stat`,
    hint: 'a dataset has "id", "size", "dimension" and "value"; see https://json-stat.org',
  };
}

const clip = (value: unknown): string => (JSON.stringify(value) ?? "").slice(0, 120);
