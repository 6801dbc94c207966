import type { Effects, Sink } from "./effects.ts";

const codes = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, blue: 34, cyan: 36 } as const;
export type Paint = Record<keyof typeof codes, (text: string) => string>;

/** Colours for `sink`, or functions that change nothing: NO_COLOR, a pipe, TERM=dumb. FORCE_COLOR wins over all of them, 0 means none. */
export function paintFor(effects: Pick<Effects, "env">, sink: Sink): Paint {
  const { NO_COLOR, FORCE_COLOR, TERM } = effects.env;
  const asked = FORCE_COLOR === undefined || FORCE_COLOR === "" ? undefined : FORCE_COLOR !== "0";
  const on = asked ?? (!NO_COLOR && sink.isTerminal && TERM !== "dumb");
  const painter = (code: number) => (text: string) => (on ? `\u001b[${code}m${text}\u001b[0m` : text);
  return Object.fromEntries(Object.entries(codes).map(([name, code]) => [name, painter(code)])) as Paint;
}
