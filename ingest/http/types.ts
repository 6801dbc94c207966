/** Asks publishers politely: see `create-http.ts`. */
export type Http = {
  /** A small answer, in memory. Throws an HttpError when it cannot be had. */
  read(request: HttpRequest, options?: AskOptions): Promise<ReadAnswer>;
  /** A document of any size, unpacked into the file `path`; goes on where an earlier attempt broke off, if the publisher allows it. */
  download(request: HttpRequest, path: string, options?: AskOptions): Promise<DownloadAnswer>;
  close(): Promise<void>;
};

export type HttpRequest = {
  readonly url: string;
  /** GET unless told. */
  readonly method?: "GET" | "POST";
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
};

export type AskOptions = {
  /** What an answer means; without it, a status below 300 is data and everything else an error. */
  readonly judge?: (answer: Answered) => Verdict;
  /** Ask only for what is newer than these marks; the answer may then be `notModified`. */
  readonly known?: { readonly etag: string | null; readonly lastModified: string | null };
  /** Bytes, packed or unpacked, that are accepted. */
  readonly maxBytes?: number;
  readonly onEvent?: (event: HttpEvent) => void;
  readonly signal?: AbortSignal;
};

/** What came back, for a publisher to judge. */
export type Answered = {
  readonly status: number;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The first 64 KiB, unpacked. */
  readonly head: string;
  /** `head` is all of it. */
  readonly isWhole: boolean;
};

export type Verdict =
  | { readonly kind: "data" }
  /** Being made ready: the same request brings it later. */
  | { readonly kind: "later"; readonly code: string; readonly message: string }
  /** An outage: try again as after a broken connection. */
  | { readonly kind: "retry"; readonly code: string; readonly message: string }
  /** To be had in parts; `pieces`: at least so many, where the publisher says how much it is. */
  | { readonly kind: "too big"; readonly code: string; readonly message: string; readonly pieces?: number }
  /** Asking again will not help. */
  | { readonly kind: "refused"; readonly code: string; readonly message: string; readonly hint?: string };

export type Marks = { readonly etag: string | null; readonly lastModified: string | null };

export type ReadAnswer = Marks & {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Uint8Array;
  readonly notModified: boolean;
};

export type DownloadAnswer = Marks & {
  readonly status: number;
  /** Over the wire, and unpacked. */
  readonly received: number;
  readonly bytes: number;
  readonly notModified: boolean;
};

export type HttpEvent =
  | { readonly kind: "bytes"; readonly received: number; readonly total: number | null }
  | {
      readonly kind: "retry";
      /** From 1: how many attempts have failed. */
      readonly attempt: number;
      readonly waitMs: number;
      readonly code: string;
      readonly message: string;
    }
  | { readonly kind: "resumed"; readonly from: number };
