import { createHmac } from "node:crypto";
import { isObject, parseJson } from "../../../base/json.ts";
import { printable } from "../../../base/text.ts";
import type { ChannelConfig } from "../../../project/alerts-schema.ts";
import type { Message } from "../judgement.ts";
import { dingTalkPayload, slackPayload, teamsPayload, webhookPayload } from "./payloads.ts";
import { NotTakenError, postJson } from "../../post-json.ts";

/** Gives a message to a channel once; throws a NotTakenError when it was not taken. */
export async function sendTo(
  channel: ChannelConfig,
  message: Message,
  now: Date,
  signal: AbortSignal,
): Promise<void> {
  switch (channel.type) {
    case "slack":
      await postJson(channel.url, slackPayload(message), {}, signal);
      return;
    case "teams":
      await postJson(channel.url, teamsPayload(message), {}, signal);
      return;
    case "webhook":
      await postJson(channel.url, webhookPayload(message), channel.headers, signal);
      return;
    case "dingtalk": {
      const url = channel.secret === "" ? channel.url : signed(channel.url, channel.secret, now);
      refuseErrorCode(await postJson(url, dingTalkPayload(message), {}, signal));
      return;
    }
    case "email": {
      const { sendMail } = await import("./email.ts");
      await sendMail(channel, message);
      return;
    }
  }
}

/** https://open.dingtalk.com/document/robots/customize-robot-security-settings: milliseconds and an HMAC of them, in the query. */
function signed(address: string, secret: string, now: Date): string {
  const timestamp = String(now.getTime());
  const url = new URL(address);
  url.searchParams.set("timestamp", timestamp);
  url.searchParams.set(
    "sign",
    createHmac("sha256", secret).update(`${timestamp}\n${secret}`).digest("base64"),
  );
  return url.href;
}

/** DingTalk says no with a status of 200. */
function refuseErrorCode(text: string): void {
  const answer = parseJson(text);
  const code = isObject(answer) ? answer["errcode"] : undefined;
  if (code === 0) return;
  // 130101: too many messages a minute.
  throw new NotTakenError(
    `DingTalk refused the message: ${printable(text.slice(0, 200))}`,
    code === 130_101 || code === -1,
  );
}
