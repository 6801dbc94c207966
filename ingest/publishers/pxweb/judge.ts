import { isObject } from "../../../runner/base/json.ts";
import { printable } from "../../../runner/base/text.ts";
import { judgeStatus } from "../../http/judge-status.ts";
import type { Answered, Verdict } from "../../http/types.ts";

/**
 * What an answer of PxWeb means: errors come as RFC 7807 problems (v2) or as `{"error": "…"}` (v1), too many cells as 403, 413 or 400, and
 * JSON that was cut short, or a page of HTML, as an outage.
 */
export function judgePxWeb(answered: Answered): Verdict {
  const { head, isWhole, status } = answered;
  const text = head.trimStart();
  if (text.startsWith("<")) {
    const verdict = judgeStatus(answered);
    return verdict.kind === "data"
      ? { kind: "retry", code: "OUTAGE", message: "a web page instead of data" }
      : verdict.kind === "refused" && status === 403
        ? tooMany("the publisher refuses so many cells at once")
        : verdict;
  }
  if (status < 300) {
    if (text === "") return { kind: "retry", code: "EMPTY", message: "the answer is empty" };
    return isWhole && !isJson(text)
      ? { kind: "retry", code: "TRUNCATED", message: "the answer is not whole JSON" }
      : { kind: "data" };
  }
  if (status === 429 || status === 408 || status >= 500) return judgeStatus(answered);
  const said = wordsOf(text);
  if (status === 413 || status === 403 || (status === 400 && /too many|too large|cells|maximum/i.test(said)))
    return tooMany(`the publisher says: ${said || `status ${status}`}`);
  if (status === 404)
    return {
      kind: "refused",
      code: "DATASET_UNKNOWN",
      message: `the publisher says: ${said || "not found"}`,
      hint: "ingest catalog --search finds what there is; a table may have been renamed or withdrawn",
    };
  return {
    kind: "refused",
    code: "REQUEST_REFUSED",
    message: `the publisher says: ${said || `status ${status}`}`,
    hint: 'see "filters" of the dataset in sql_project.yaml: dimensions and codes are named as published',
  };
}

const tooMany = (message: string): Verdict => ({ kind: "too big", code: "TOO_BIG", message });

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function wordsOf(text: string): string {
  try {
    const body: unknown = JSON.parse(text);
    if (!isObject(body)) return "";
    const words = [body["title"], body["detail"], body["error"]].filter((one) => typeof one === "string");
    return printable(words.join(": ")).slice(0, 500);
  } catch {
    return printable(text).slice(0, 200);
  }
}
