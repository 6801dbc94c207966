/** A question to a local publisher, and what it answers before anything goes wrong on the way. */
export type Question = {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
};

export type Reply = {
  readonly status: number;
  readonly type: string;
  readonly body: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
  /** It may be asked for in ranges, and whether it changed: has an ETag. */
  readonly isFile?: boolean;
};

export const json = (
  status: number,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): Reply => ({
  status,
  type: "application/json",
  body: JSON.stringify(value),
  headers,
});

export const notFound = (): Reply => ({
  status: 404,
  type: "text/html",
  body: "<html><title>Not found</title></html>",
});

/** Text for XML. */
export const escape = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
