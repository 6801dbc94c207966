import { join } from "node:path";
import { HttpError } from "../http/http-error.ts";
import type { Http, HttpEvent, Marks } from "../http/types.ts";
import type { Description, Part, Publisher, Wanted } from "../publishers/publisher.ts";
import type { SyncStep } from "./events.ts";
import { splitPart } from "../publishers/split.ts";

export type Fetching = {
  readonly publisher: Publisher;
  readonly wanted: Wanted;
  readonly http: Http;
  /** Where documents are put. */
  readonly folder: string;
  /** Marks of what is there already: the whole is asked for only if it is newer. */
  readonly known: Marks | undefined;
  readonly signal: AbortSignal;
  readonly maxBytes: number | undefined;
  readonly emit: (step: SyncStep) => void;
};

export type Fetched =
  | { readonly kind: "not modified"; readonly bytes: number }
  | {
      readonly kind: "documents";
      readonly paths: readonly [string, ...string[]];
      readonly bytes: number;
      /** Of the document, where it came whole. */
      readonly marks: Marks;
    };

/** Addresses longer than this are cut: proxies and gateways refuse them. */
const MAX_URL = 6000;

/** Fetches a dataset, in parts where the publisher does not give it whole, each into a file of its own. */
export async function fetchParts(fetching: Fetching): Promise<Fetched> {
  const { publisher, wanted, http, folder, emit } = fetching;
  const queue: Part[] = [...(await publisher.parts(http, wanted))];
  if (queue.length > 1)
    emit({ kind: "split", parts: queue.length, message: `asked for in ${queue.length} parts` });
  const paths: string[] = [];
  let marks: Marks = { etag: null, lastModified: null };
  let before = 0;
  let description: Description | undefined;
  for (let part = queue.shift(); part !== undefined; part = queue.shift()) {
    const request = publisher.request(wanted, part);
    const path = join(folder, `part-${paths.length}.json`);
    const isWhole = paths.length === 0 && queue.length === 0;
    try {
      if (request.url.length > MAX_URL && (request.method ?? "GET") === "GET")
        throw new HttpError("ADDRESS_TOO_LONG", "the address would be too long", {
          tooBig: true,
          pieces: Math.ceil(request.url.length / MAX_URL),
        });
      const answer = await http.download(request, path, {
        judge: (answered) => publisher.judge(answered),
        signal: fetching.signal,
        ...(fetching.maxBytes !== undefined && { maxBytes: fetching.maxBytes }),
        onEvent: (event) => emit(stepOf(event, before)),
        ...(isWhole && fetching.known && { known: fetching.known }),
      });
      if (answer.notModified) return { kind: "not modified", bytes: before };
      paths.push(path);
      before += answer.received;
      marks = { etag: answer.etag, lastModified: answer.lastModified };
    } catch (error) {
      if (
        error instanceof HttpError &&
        error.code === "NO_RESULTS" &&
        !isWhole &&
        !wantsNothingElse(paths, queue)
      )
        continue;
      if (!(error instanceof HttpError) || !error.tooBig) throw error;
      description ??= await publisher.describe(http, wanted);
      const cut = splitPart(description, wanted, part, error.pieces);
      if (cut === undefined) throw error;
      const message = `${error.message}; cut by ${cut.dimension}`;
      emit({ kind: "split", parts: paths.length + cut.parts.length + queue.length, message });
      queue.unshift(...cut.parts);
    }
  }
  const [first, ...rest] = paths;
  const isOne = rest.length === 0;
  return {
    kind: "documents",
    paths: [first!, ...rest],
    bytes: before,
    marks: isOne ? marks : { etag: null, lastModified: null },
  };
}

/** The last part of all, with nothing found before it: then the whole is empty, which is a failure to be told. */
const wantsNothingElse = (paths: readonly string[], queue: readonly Part[]): boolean =>
  paths.length === 0 && queue.length === 0;

function stepOf(event: HttpEvent, before: number): SyncStep {
  if (event.kind !== "bytes") return event;
  const total = event.total === null ? null : before + event.total;
  return { kind: "progress", bytes: before + event.received, total, rows: 0, share: 0 };
}
