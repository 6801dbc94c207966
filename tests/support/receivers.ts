import { createServer } from "node:http";
import type { IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { after } from "node:test";
import { SMTPServer } from "smtp-server";

export type Received = {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Record<string, unknown>;
};
export type Answer = {
  readonly status?: number;
  readonly body?: string;
  readonly headers?: Record<string, string>;
};

/** A server that takes webhooks: answers what `answers` holds, one after the other, then 200. */
export async function startReceiver(answers: Answer[] = []): Promise<{ url: string; received: Received[] }> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    let text = "";
    request.setEncoding("utf8").on("data", (part: string) => (text += part));
    request.on("end", () => {
      const body = JSON.parse(text) as Record<string, unknown>;
      received.push({ path: request.url ?? "", headers: request.headers, body });
      const { status = 200, body: answer = "ok", headers = {} } = answers.shift() ?? {};
      response.writeHead(status, headers).end(answer);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  after(() => {
    server.close();
    server.closeAllConnections();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, received };
}

export type Mail = { readonly from: string; readonly to: readonly string[]; readonly text: string };

/** A mail server that takes whatever `user` with `password` sends; `refuse` answers recipients with that code. */
export async function startMailServer(options: {
  readonly user: string;
  readonly password: string;
  readonly refuse?: number[];
}): Promise<{ port: number; mails: Mail[] }> {
  const mails: Mail[] = [];
  const server = new SMTPServer({
    authOptional: false,
    disabledCommands: ["STARTTLS"],
    allowInsecureAuth: true,
    logger: false,
    onAuth({ username, password }, _session, done) {
      const isRight = username === options.user && password === options.password;
      done(isRight ? null : new Error("wrong password"), { user: username });
    },
    onRcptTo(_address, _session, done) {
      const code = options.refuse?.shift();
      if (code === undefined) return done();
      done(Object.assign(new Error("come back later"), { responseCode: code }));
    },
    onData(stream, { envelope }, done) {
      let text = "";
      stream.setEncoding("utf8").on("data", (part: string) => (text += part));
      stream.on("end", () => {
        const from = envelope.mailFrom === false ? "" : envelope.mailFrom.address;
        mails.push({ from, to: envelope.rcptTo.map(({ address }) => address), text });
        done();
      });
    },
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  after(() => new Promise<void>((resolve) => server.close(resolve)));
  return { port: (server.server.address() as AddressInfo).port, mails };
}
