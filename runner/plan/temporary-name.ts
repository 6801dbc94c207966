import { md5 } from "../base/hash.ts";

const TEMPORARY = "__statloom_tmp";
const hashLength = 8;

/** `orders__statloom_tmp` */
export const temporaryName = (identifier: string, maxLength: number): string =>
  suffixed(identifier, TEMPORARY, maxLength);

/** A name with something at its end; one that would be too long is cut and told apart by a hash of the whole. */
export function suffixed(identifier: string, suffix: string, maxLength: number): string {
  // Engines count bytes, so names outside ASCII are cut earlier than they look.
  const room = maxLength - suffix.length;
  if (Buffer.byteLength(identifier) <= room) return identifier + suffix;
  let head = "";
  for (const letter of identifier) {
    if (Buffer.byteLength(head + letter) > room - hashLength - 1) break;
    head += letter;
  }
  return `${head}_${md5(identifier).slice(0, hashLength)}${suffix}`;
}
