import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { alertsSchema } from "../../../../runner/project/alerts-schema.ts";
import type { Judgement } from "../../../../runner/observe/alerts/judgement.ts";
import { raiseAlerts } from "../../../../runner/observe/alerts/raise-alerts.ts";
import { startMailServer, startReceiver } from "../../../support/receivers.ts";
import type { Answer } from "../../../support/receivers.ts";
import { tempFolder } from "../../../support/temp.ts";

const EVIL = "<!channel> *bold* <script>alert(1)</script> &amp; `x` @all\u001b[31m";
const wrong = (subject: string, more: Partial<NonNullable<Judgement["finding"]>> = {}): Judgement => ({
  rule: "failed_run",
  subject,
  finding: { severity: "error", title: `"${subject}" could not be built`, details: "boom", ...more },
});
const well = (subject: string): Judgement => ({ rule: "failed_run", subject, finding: null });

/** A project with these channels, a clock that can be moved, and what `raise` says. */
function project(channels: unknown[], more: Record<string, unknown> = {}) {
  const root = tempFolder();
  let now = new Date("2025-05-01T10:00:00Z");
  return {
    root,
    pass: (hours: number) => void (now = new Date(now.getTime() + hours * 3_600_000)),
    raise: (judgements: readonly Judgement[], exists?: (subject: string) => boolean) =>
      raiseAlerts(judgements, {
        config: alertsSchema.parse({ channels, ...more }),
        root,
        project: "health",
        origin: "models, target dev",
        now: () => now,
        backoffMs: 1,
        ...(exists && { exists }),
      }),
  };
}

const titles = (list: unknown): string[] => (list as { title: string }[]).map(({ title }) => title);

describe("alerts", () => {
  test("are grouped, told once, and told again when all is well", async () => {
    const { url, received } = await startReceiver();
    const { raise } = project([{ name: "hook", type: "webhook", url, headers: { "X-Key": "k1234567" } }]);
    assert.deepEqual(await raise([wrong("a"), wrong("b"), well("c")]), []);
    assert.equal(received.length, 1);
    assert.deepEqual(titles(received[0]!.body["firing"]), [
      '"a" could not be built',
      '"b" could not be built',
    ]);
    assert.equal(received[0]!.headers["x-key"], "k1234567");
    await raise([wrong("a"), wrong("b")]);
    assert.equal(received.length, 1, "a run that finds the same says nothing");
    await raise([well("a")]);
    assert.deepEqual(received[1]!.body["firing"], []);
    assert.deepEqual(received[1]!.body["resolved"], [
      {
        rule: "failed_run",
        subject: "a",
        since: "2025-05-01T10:00:00.000Z",
        severity: "error",
        title: '"a" could not be built',
        details: "boom",
      },
    ]);
    await raise([well("a"), well("b")]);
    assert.equal(received.length, 3);
    await raise([well("a"), well("b")]);
    assert.equal(received.length, 3);
  });

  test("are told again when a warning becomes an error, and after the time that the project names", async () => {
    const { url, received } = await startReceiver();
    const { raise, pass } = project([{ name: "hook", type: "webhook", url }], { remind_after_hours: 24 });
    await raise([wrong("a", { severity: "warn" })]);
    await raise([wrong("a")]);
    assert.equal(received.length, 2);
    pass(23);
    await raise([wrong("a")]);
    assert.equal(received.length, 2);
    pass(2);
    await raise([wrong("a")]);
    assert.equal(received.length, 3);
    assert.equal((received[2]!.body["firing"] as { since: string }[])[0]!.since, "2025-05-01T10:00:00.000Z");
  });

  test("of what is no longer there are forgotten", async () => {
    const { url, received } = await startReceiver();
    const { raise, root } = project([{ name: "hook", type: "webhook", url }]);
    await raise([wrong("a")]);
    await raise([], () => false);
    assert.equal(received.length, 1);
    const state = JSON.parse(
      readFileSync(join(root, ".statloom/alerts/models-target-dev.json"), "utf8"),
    ) as object;
    assert.deepEqual(state, { version: 1, open: [], outbox: [] });
  });

  test("go to the channels that a rule names, and to none where it is off", async () => {
    const [one, two] = [await startReceiver(), await startReceiver()];
    const channels = [
      { name: "one", type: "webhook", url: one.url },
      { name: "two", type: "webhook", url: two.url },
      { name: "unset", type: "slack", url: "" },
    ];
    const { raise } = project(channels, {
      rules: { failed_run: { channels: ["two"] }, test_failure: false },
    });
    await raise([
      wrong("a"),
      { ...wrong("t"), rule: "test_failure" },
      { ...wrong("s"), rule: "stale_source" },
    ]);
    assert.deepEqual(
      [one, two].map(({ received }) => titles(received[0]!.body["firing"]).length),
      [1, 2],
    );
  });

  test("that could not be sent are tried again, logged without the address, and sent by the next run", async () => {
    const answers: Answer[] = [500, 503, 500].map((status) => ({ status, body: "no" }));
    const { url, received } = await startReceiver(answers);
    const { raise } = project([{ name: "hook", type: "webhook", url: `${url}/services/T0/verysecretpart` }]);
    const said = await raise([wrong("a")]);
    assert.equal(received.length, 3, "three tries");
    assert.match(
      said[0]!,
      /^the channel "hook" was not told: 127\.0\.0\.1:\d+ answered 500: no; the next run/,
    );
    assert.doesNotMatch(said[0]!, /verysecret/);
    assert.deepEqual(await raise([wrong("a")]), []);
    assert.equal(received.length, 4);
    assert.deepEqual(titles(received[3]!.body["firing"]), ['"a" could not be built']);
    assert.deepEqual(await raise([wrong("a")]), []);
    assert.equal(received.length, 4);
  });

  test("that nobody takes are given up after three days", async () => {
    const { raise, pass } = project([{ name: "hook", type: "webhook", url: "http://127.0.0.1:9" }]);
    assert.match((await raise([wrong("a")]))[0]!, /next run tries again/);
    pass(80);
    assert.match((await raise([]))[0]!, /given up after three days/);
    assert.deepEqual(await raise([]), []);
  });

  test("wait as long as the receiver asks, and are not repeated where it says no for good", async () => {
    const busy = await startReceiver([{ status: 429, headers: { "retry-after": "0.05" } }]);
    const begun = performance.now();
    assert.deepEqual(await project([{ name: "h", type: "webhook", url: busy.url }]).raise([wrong("a")]), []);
    // A timer may be a fraction of a millisecond early.
    assert.ok(performance.now() - begun >= 49);
    const gone = await startReceiver([{ status: 404 }]);
    assert.equal(
      (await project([{ name: "h", type: "webhook", url: gone.url }]).raise([wrong("a")])).length,
      1,
    );
    assert.equal(gone.received.length, 1);
  });

  test("survive a state file that cannot be read", async () => {
    const { url, received } = await startReceiver();
    const { raise, root } = project([{ name: "hook", type: "webhook", url }]);
    await raise([wrong("a")]);
    writeFileSync(join(root, ".statloom/alerts/models-target-dev.json"), '{"version":1,"op');
    assert.deepEqual(await raise([wrong("a")]), []);
    assert.equal(received.length, 2);
  });
});

describe("channels", () => {
  const evil = wrong("a", { title: `model ${EVIL}`, details: EVIL });

  test("Slack: plain text, in which nothing is a mention or a link", async () => {
    const { url, received } = await startReceiver();
    await project([{ name: "s", type: "slack", url }]).raise([evil]);
    const text = JSON.stringify(received[0]!.body);
    assert.doesNotMatch(text, /<|>|\\u001b|mrkdwn/);
    assert.match(text, /&lt;!channel&gt; \*bold\*/);
    const { blocks } = received[0]!.body as { blocks: { type: string; text: { type: string } }[] };
    assert.deepEqual(
      blocks.map((block) => [block.type, block.text.type]),
      [
        ["header", "plain_text"],
        ["section", "plain_text"],
      ],
    );
  });

  test("Slack: no more blocks than it takes, and the number of the rest", async () => {
    const { url, received } = await startReceiver();
    const many = Array.from({ length: 300 }, (_, i) => wrong(`m${i}`, { details: "x".repeat(5000) }));
    await project([{ name: "s", type: "slack", url }]).raise(many);
    const { blocks, text } = received[0]!.body as { text: string; blocks: { text?: { text: string } }[] };
    assert.match(text, /^health: 300 alerts/);
    assert.ok(blocks.length <= 50 && blocks.every((block) => (block.text?.text ?? "").length <= 3000));
    assert.match(JSON.stringify(blocks), /and 280 more/);
  });

  test("Teams: an adaptive card of runs of text, which know no markup", async () => {
    const { url, received } = await startReceiver();
    await project([{ name: "t", type: "teams", url }]).raise([evil]);
    const [attachment] = received[0]!.body["attachments"] as {
      contentType: string;
      content: { type: string; body: { type: string; inlines: { type: string; text: string }[] }[] };
    }[];
    assert.equal(attachment!.contentType, "application/vnd.microsoft.card.adaptive");
    assert.deepEqual([...new Set(attachment!.content.body.map(({ type }) => type))], ["RichTextBlock"]);
    assert.match(
      attachment!.content.body.flatMap(({ inlines }) => inlines.map(({ text }) => text)).join("|"),
      /ERROR\| model <!channel>/,
    );
  });

  test("DingTalk: signed, as text, and its refusals are seen", async () => {
    const refusal = { body: JSON.stringify({ errcode: 310000, errmsg: "sign not match" }) };
    const { url, received } = await startReceiver([refusal, { body: '{"errcode":0,"errmsg":"ok"}' }]);
    const channel = {
      name: "d",
      type: "dingtalk",
      url: `${url}/robot/send?access_token=abc`,
      secret: "SEC123",
    };
    const { raise } = project([channel]);
    assert.match((await raise([evil]))[0]!, /sign not match/);
    assert.equal(received.length, 1, "a refusal for good is not tried again at once");
    assert.deepEqual(await raise([]), []);
    const query = new URL(received[1]!.path, url).searchParams;
    assert.equal(query.get("access_token"), "abc");
    const timestamp = String(Date.parse("2025-05-01T10:00:00Z"));
    assert.equal(query.get("timestamp"), timestamp);
    assert.equal(
      query.get("sign"),
      createHmac("sha256", "SEC123").update(`${timestamp}\nSEC123`).digest("base64"),
    );
    assert.equal(received[1]!.body["msgtype"], "text");
    assert.deepEqual(received[1]!.body["at"], { atMobiles: [], isAtAll: false });
  });

  test("e-mail: plain text to everybody, and no header can be slipped in", async () => {
    const { port, mails } = await startMailServer({ user: "me", password: "p@ss word" });
    const url = `smtp://me:${encodeURIComponent("p@ss word")}@127.0.0.1:${port}`;
    const channel = {
      name: "m",
      type: "email",
      url,
      from: "statloom@example.org",
      to: ["a@example.org", "b@example.org"],
    };
    assert.deepEqual(
      await project([channel]).raise([wrong("a", { title: "x\r\nBcc: evil@example.org", details: EVIL })]),
      [],
    );
    assert.deepEqual(mails[0]!.to, ["a@example.org", "b@example.org"]);
    const { text } = mails[0]!;
    const [head, body] = [text.slice(0, text.indexOf("\r\n\r\n")), text.slice(text.indexOf("\r\n\r\n"))];
    assert.match(head, /^Subject: health: 1 alert \(models, target dev\)/m);
    assert.match(head, /^Content-Type: text\/plain/m);
    assert.doesNotMatch(head, /evil/);
    assert.match(body, /x Bcc: evil/);
  });

  test("e-mail: a server that says later is asked again; a wrong password is told without it", async () => {
    const busy = await startMailServer({ user: "me", password: "password1", refuse: [451] });
    const at = (port: number, password: string): unknown => ({
      name: "m",
      type: "email",
      url: `smtp://me:${password}@127.0.0.1:${port}`,
      from: "s@example.org",
      to: "a@example.org",
    });
    assert.deepEqual(await project([at(busy.port, "password1")]).raise([wrong("a")]), []);
    assert.equal(busy.mails.length, 1);
    const [said] = await project([at(busy.port, "wrongpass")]).raise([wrong("a")]);
    assert.match(said!, /^the channel "m" was not told/);
    assert.doesNotMatch(said!, /wrongpass/);
  });
});
