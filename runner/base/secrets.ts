import type { Sink } from "./effects.ts";

/** Names of variables that hold secrets, by the words that people use for them. */
const SECRET_NAME = /SECRET|TOKEN|PASSWORD|PASSWD|CREDENTIAL|API_?KEY|PRIVATE_?KEY|WEBHOOK/i;
/** Anything shorter would strike out ordinary words. */
const SHORTEST = 6;
/** Bounded, so that no text takes more than its length in time. */
const PASSWORD_IN_URL = /(\b[a-z][a-z0-9+.-]{0,20}:\/\/[^\s/:@"']{0,100}:)[^\s/@"']{1,200}(?=@)/gi;
const SECRET_IN_QUERY = /([?&](?:access_token|token|key|api_key|secret|sign|sig|password)=)[^&\s"']{1,500}/gi;

/** What must not be printed, longest first. One for the process, as the secrets are: whoever reads one says so here. */
let known: readonly string[] = [];

export function rememberSecret(secret: string): void {
  if (secret.length < SHORTEST) return;
  const spellings = [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)];
  known = [...new Set([...known, ...spellings])].sort((a, b) => b.length - a.length);
}

/** The values of variables whose names say that they are secret, and passwords in those that are addresses. */
export function rememberSecretsOf(env: Readonly<Record<string, string | undefined>>): void {
  for (const [name, value] of Object.entries(env)) {
    if (value === undefined || known.includes(value)) continue;
    if (SECRET_NAME.test(name)) rememberSecret(value);
    if (value.includes("://")) rememberSecret(passwordOf(value));
  }
}

/** The password in an address, as it was meant; empty where there is none. */
function passwordOf(url: string): string {
  if (!URL.canParse(url)) return "";
  const { password } = new URL(url);
  try {
    return decodeURIComponent(password);
  } catch {
    return password;
  }
}

/** Text for a log: secrets that are known, passwords in addresses and keys in queries are struck out. */
export function redact(text: string): string {
  const plain = known.reduce((rest, secret) => rest.replaceAll(secret, "***"), text);
  return plain.replaceAll(PASSWORD_IN_URL, "$1***").replaceAll(SECRET_IN_QUERY, "$1***");
}

/** Where a log goes. Results go past it: what was asked for is not changed. */
export const redacting = (sink: Sink): Sink => ({
  write: (text) => sink.write(redact(text)),
  get isTerminal() {
    return sink.isTerminal;
  },
  get width() {
    return sink.width;
  },
});
