import { isObject } from "../../runner/base/json.ts";
import { HttpError } from "../http/http-error.ts";
import type { AskOptions, Http, HttpRequest } from "../http/types.ts";

/** A small answer that is a JSON object. */
export async function readJson(
  http: Http,
  request: HttpRequest,
  judge: NonNullable<AskOptions["judge"]>,
): Promise<Record<string, unknown>> {
  const body = await readAnyJson(http, request, judge);
  if (isObject(body)) return body;
  throw new HttpError(
    "ANSWER_BROKEN",
    `${new URL(request.url).host} answers something else than was asked for`,
  );
}

export async function readAnyJson(
  http: Http,
  request: HttpRequest,
  judge: NonNullable<AskOptions["judge"]>,
): Promise<unknown> {
  const { bytes } = await http.read(request, { judge });
  try {
    return JSON.parse(Buffer.from(bytes).toString("utf8"));
  } catch {
    throw new HttpError("ANSWER_BROKEN", `${new URL(request.url).host} answers something else than JSON`, {
      retryable: true,
    });
  }
}

/** The text of a member; empty where there is none. */
export function textAt(parent: Record<string, unknown>, name: string): string {
  const value = parent[name];
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}
