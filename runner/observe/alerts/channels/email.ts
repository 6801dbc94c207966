import { createTransport } from "nodemailer";
import { messageOf } from "../../../base/errors.ts";
import type { ChannelConfig } from "../../../project/alerts-schema.ts";
import type { Message } from "../judgement.ts";
import { linesOf, wordsOf } from "../words.ts";
import { NotTakenError } from "../../post-json.ts";

const TIMEOUT_MS = 10_000;

/** Sends plain text, in which nothing is markup. The password never leaves the address that the transport was made of. */
export async function sendMail(
  channel: Extract<ChannelConfig, { type: "email" }>,
  message: Message,
): Promise<void> {
  const { host } = new URL(channel.url);
  const transport = createTransport({
    url: channel.url,
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
  });
  const words = wordsOf(message);
  try {
    await transport.sendMail({
      from: channel.from,
      to: channel.to,
      subject: words.headline,
      text: `${linesOf(words)}\n`,
      // Mail programs answer these with "out of office" otherwise.
      headers: { "Auto-Submitted": "auto-generated" },
      disableFileAccess: true,
      disableUrlAccess: true,
    });
  } catch (error) {
    const code = (error as { responseCode?: number }).responseCode ?? 0;
    throw new NotTakenError(`${host}: ${messageOf(error)}`, code < 500);
  } finally {
    transport.close();
  }
}
