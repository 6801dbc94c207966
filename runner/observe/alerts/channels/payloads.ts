import type { Json, JsonObject } from "../../../base/json.ts";
import type { Message } from "../judgement.ts";
import { linesOf, wordsOf } from "../words.ts";

/** Slack's three characters of markup; without them nothing in a text can be a link, a mention or a channel. */
const forSlack = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/** https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks: plain text objects, where asterisks are asterisks. */
export function slackPayload(message: Message): JsonObject {
  const { headline, items, more } = wordsOf(message);
  const plain = (text: string): JsonObject => ({ type: "plain_text", text: forSlack(text), emoji: false });
  const sections = items.map(({ mark, title, details }) => ({
    type: "section",
    text: plain(details === "" ? `${mark} ${title}` : `${mark} ${title}\n${details}`),
  }));
  return {
    text: forSlack(headline),
    blocks: [
      { type: "header", text: plain(headline.slice(0, 140)) },
      ...sections,
      ...(more === "" ? [] : [{ type: "context", elements: [plain(more)] }]),
    ],
  };
}

/** An adaptive card in runs of text, which know no markup. https://adaptivecards.io/explorer/RichTextBlock.html */
export function teamsPayload(message: Message): JsonObject {
  const { headline, items, more } = wordsOf(message);
  const block = (...runs: Json[]): JsonObject => ({ type: "RichTextBlock", inlines: runs });
  const run = (text: string, more: JsonObject = {}): JsonObject => ({ type: "TextRun", text, ...more });
  const colours: Readonly<Record<string, string>> = { ERROR: "attention", WARN: "warning", OK: "good" };
  return {
    type: "message",
    attachments: [
      {
        contentType: "application/vnd.microsoft.card.adaptive",
        contentUrl: null,
        content: {
          $schema: "http://adaptivecards.io/schemas/adaptive-card.json",
          type: "AdaptiveCard",
          version: "1.4",
          body: [
            block(run(headline, { size: "medium", weight: "bolder" })),
            ...items.flatMap(({ mark, title, details }) => [
              block(
                run(mark, { color: colours[mark] ?? "default", weight: "bolder" }),
                run(` ${title}`, { weight: "bolder" }),
              ),
              ...(details === "" ? [] : [block(run(details))]),
            ]),
            ...(more === "" ? [] : [block(run(more, { isSubtle: true }))]),
          ],
        },
      },
    ],
  };
}

/** Text, not markdown; `at` is empty, so that nobody is called whatever the text holds. */
export const dingTalkPayload = (message: Message): JsonObject => ({
  msgtype: "text",
  text: { content: linesOf(wordsOf(message)).slice(0, 6000) },
  at: { atMobiles: [], isAtAll: false },
});

/** Everything, for machines: `firing` and `resolved` hold rule, subject, severity, title, details, since. */
export const webhookPayload = ({ project, origin, at, wrong, well }: Message): JsonObject => ({
  version: 1,
  project,
  origin,
  at,
  firing: wrong,
  resolved: well,
});
