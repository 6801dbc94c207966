import * as crypto from "node:crypto";

/** In one call where the runtime has it, which takes half as long for short texts. */
const digest: (algorithm: string, data: string | Uint8Array) => string =
  typeof crypto.hash === "function"
    ? (algorithm, data) => crypto.hash(algorithm, data)
    : (algorithm, data) => crypto.createHash(algorithm).update(data).digest("hex");

export const sha256 = (data: string | Uint8Array): string => digest("sha256", data);

/** Only for names, where dbt uses it too; never for trust. */
export const md5 = (data: string | Uint8Array): string => digest("md5", data);
