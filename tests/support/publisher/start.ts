import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { answerEurostat } from "./eurostat.ts";
import type { Fault } from "./faults.ts";
import { send } from "./faults.ts";
import { eurostatLibrary } from "./library.ts";
import type { Library } from "./library.ts";
import { json, notFound } from "./reply.ts";
import type { Question, Reply } from "./reply.ts";

export type PublisherOptions = {
  readonly port?: number;
  readonly now?: () => Date;
  /** Of Eurostat's dialect; the sample, and the real documents where they are there, unless told. */
  readonly eurostat?: Library;
  readonly maxCells?: number;
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
  /** Every question so far, oldest first. */
  readonly asked: readonly Asked[];
  /** Changes what goes wrong from now on. */
  setFault(fault: PublisherOptions["fault"]): void;
  close(): Promise<void>;
};

/** A server on this machine that speaks as publishers do, from documents on disk, with faults by switch. */
export async function startPublisher(options: PublisherOptions = {}): Promise<LocalPublisher> {
  const eurostat = options.eurostat ?? eurostatLibrary();
  const now = options.now ?? (() => new Date());
  const asked: Asked[] = [];
  let { fault } = options;

  const answer = (question: Question): Reply => {
    const { pathname } = question.url;
    const next = /^\/_next\/([^/]+)$/.exec(pathname)?.[1];
    if (next !== undefined && question.method === "POST")
      return json(200, { published: eurostat.next(decodeURIComponent(next), now()) });
    if (pathname.startsWith("/eurostat/api/"))
      return answerEurostat(question, {
        library: eurostat,
        now,
        maxCells: options.maxCells ?? 5_000_000,
        untidyFeed: options.untidyFeed ?? false,
      });
    return notFound();
  };

  const server = createServer((request, response) => {
    void (async () => {
      const question = await readQuestion(request);
      const { method, url, headers } = question;
      const one = { method, path: `${url.pathname}${url.search}`, headers };
      const chosen = url.pathname.startsWith("/_") ? undefined : fault?.(one, asked.length);
      asked.push(one);
      await reply(question, answer(question), response, chosen);
      if (chosen === "new-edition") for (const code of eurostat.codes) eurostat.next(code, now());
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
    env: { STATLOOM_EUROSTAT_URL: `${url}/eurostat/api` },
    eurostat,
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
