import type { Paint } from "../../base/paint.ts";
import { formatSeconds } from "../../base/text.ts";

export const okText = (paint: Paint, count: number): string => paint.green(`${count} ok`);
export const reusedText = (count: number): string => `${count} reused`;

/** `done in 1.2s: 20 ok, 3 reused` */
export const endLine = (paint: Paint, ended: string, elapsed: number, parts: readonly string[]): string =>
  `${paint.bold(ended)} in ${formatSeconds(elapsed)}: ${parts.join(", ")}`;
