import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { answerEurostat } from "./eurostat.ts";
import { answerPxStat } from "./pxstat.ts";
import { answerPxWebV1 } from "./pxweb-v1.ts";
import { answerPxWeb } from "./pxweb.ts";
import type { Fault } from "./faults.ts";
import { send } from "./faults.ts";
import { Library, eurostatLibrary, restyledLibrary } from "./library.ts";
import { json, notFound } from "./reply.ts";
import type { Question, Reply } from "./reply.ts";

export type PublisherOptions = {
  readonly port?: number;
  readonly now?: () => Date;
  /** Of Eurostat's dialect; the sample, and the real documents where they are there, unless told. */
  readonly eurostat?: Library;
  /** Of PxWeb's two dialects, of PxStat's, and of documents at an address; the sample in their style unless told. */
  readonly pxweb?: Library;
  readonly pxstat?: Library;
  readonly files?: Library;
  readonly maxCells?: number;
  /** PxWeb's first API can be searched. */
  readonly searchable?: boolean;
  readonly untidyFeed?: boolean;
  /** What goes wrong with a question; `count` is how many have come before it. */
  readonly fault?: (question: Asked, count: number) => Fault | undefined;
  readonly pauseMs?: number;
};

export type Asked = { readonly method: string; readonly path: string; readonly headers: Question["headers"] };

export type LocalPublisher = {
  /** `http://127.0.0.1:8787` */
  readonly url: string;
  /** Variables of the environment that send Statloom here. */
  readonly env: Readonly<Record<string, string>>;
  readonly eurostat: Library;
  readonly pxweb: Library;
  readonly pxstat: Library;
  readonly files: Library;
  /** Every question so far, oldest first. */
  readonly asked: readonly Asked[];
  /** Changes what goes wrong from now on. */
  setFault(fault: PublisherOptions["fault"]): void;
  close(): Promise<void>;
};

/** A server on this machine that speaks as publishers do, from documents on disk, with faults by switch. */
export async function startPublisher(options: PublisherOptions = {}): Promise<LocalPublisher> {
  const eurostat = options.eurostat ?? eurostatLibrary();
  const pxweb = options.pxweb ?? restyledLibrary("pxweb");
  const pxstat = options.pxstat ?? restyledLibrary("pxstat");
  const files = options.files ?? new Library();
  const maxCells = options.maxCells ?? 5_000_000;
  const now = options.now ?? (() => new Date());
  const asked: Asked[] = [];
  let { fault } = options;

  const answer = (question: Question): Reply => {
    const { pathname } = question.url;
    const next = /^\/_next\/([^/]+)$/.exec(pathname)?.[1];
    if (next !== undefined && question.method === "POST")
      return json(200, {
        published: [eurostat, pxweb, pxstat].some((one) => one.next(decodeURIComponent(next), now())),
      });
    if (pathname.startsWith("/eurostat/api/"))
      return answerEurostat(question, {
        library: eurostat,
        now,
        maxCells,
        untidyFeed: options.untidyFeed ?? false,
      });
    if (pathname.startsWith("/pxweb/v2")) return answerPxWeb(question, { library: pxweb, now, maxCells });
    if (pathname.startsWith("/pxweb/v1"))
      return answerPxWebV1(question, {
        library: pxweb,
        now,
        maxCells,
        searchable: options.searchable ?? true,
      });
    if (pathname.startsWith("/pxstat/")) return answerPxStat(question, pxstat);
    const file = files.current(/^\/files\/(.+)\.json$/.exec(pathname)?.[1] ?? "");
    return file === undefined ? notFound() : { ...json(200, file), isFile: true };
  };

  const server = createServer((request, response) => {
    void (async () => {
      const question = await readQuestion(request);
      const { method, url, headers } = question;
      const one = { method, path: `${url.pathname}${url.search}`, headers };
      const chosen = url.pathname.startsWith("/_") ? undefined : fault?.(one, asked.length);
      asked.push(one);
      await reply(question, answer(question), response, chosen);
      if (chosen === "new-edition")
        for (const library of [eurostat, pxweb, pxstat, files])
          for (const code of library.codes) library.next(code, now());
    })().catch((error: unknown) => response.destroy(error as Error));
  });

  async function reply(
    question: Question,
    found: Reply,
    response: ServerResponse,
    chosen: Fault | undefined,
  ): Promise<void> {
    const { headers } = question;
    const etag = found.isFile
      ? `"${createHash("sha256").update(found.body).digest("hex").slice(0, 16)}"`
      : null;
    if (etag !== null && headers["if-none-match"] === etag) {
      response.writeHead(304, { etag });
      response.end();
      return;
    }
    const from = /^bytes=(\d+)-$/.exec(String(headers["range"] ?? ""))?.[1];
    const ifRange = headers["if-range"];
    await send(
      {
        reply: found,
        response,
        etag,
        now,
        gzip: String(headers["accept-encoding"] ?? "").includes("gzip"),
        range:
          from === undefined
            ? null
            : { from: Number(from), ifRange: ifRange === undefined ? undefined : String(ifRange) },
        pauseMs: options.pauseMs ?? 50,
      },
      chosen,
    );
  }

  await new Promise<void>((resolve) => server.listen(options.port ?? 0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    env: {
      STATLOOM_EUROSTAT_URL: `${url}/eurostat/api`,
      STATLOOM_SSB_URL: `${url}/pxweb/v2`,
      STATLOOM_SCB_URL: `${url}/pxweb/v2`,
      STATLOOM_STATFIN_URL: `${url}/pxweb/v1/en/db`,
      STATLOOM_CSO_URL: `${url}/pxstat`,
    },
    eurostat,
    pxweb,
    pxstat,
    files,
    asked,
    setFault: (changed) => void (fault = changed),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function readQuestion(request: IncomingMessage): Promise<Question> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return {
    method: request.method ?? "GET",
    url: new URL(request.url ?? "/", "http://local"),
    headers: request.headers,
    body: Buffer.concat(chunks).toString("utf8"),
  };
}
