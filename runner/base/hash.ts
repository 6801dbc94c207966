import { createHash } from "node:crypto";

export const sha256 = (data: string | Uint8Array): string => createHash("sha256").update(data).digest("hex");

/** Only for names, where dbt uses it too; never for trust. */
export const md5 = (text: string): string => createHash("md5").update(text).digest("hex");
