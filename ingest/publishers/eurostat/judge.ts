import { isObject, parseJson } from "../../../runner/base/json.ts";
import { printable } from "../../../runner/base/text.ts";
import { judgeStatus } from "../../http/judge-status.ts";
import type { Answered, Verdict } from "../../http/types.ts";

/**
 * What an answer of the statistics API means. Errors come as `{"error": [{status, id, label}]}` and an answer that is being made ready as
 * `{"warning": {status, label}}`, both with status 200 as well; an outage as a page of HTML.
 */
export function judgeData(answered: Answered): Verdict {
  const { head, isWhole, status } = answered;
  const text = head.trimStart();
  if (text.startsWith("<")) return judgeMarkup(answered, text);
  if (!isWhole) return judgeStatus(answered);
  if (text === "") return status < 300 ? retry("EMPTY", "the answer is empty") : judgeStatus(answered);
  const body = parseJson(text);
  if (body === undefined)
    return status < 300 ? retry("TRUNCATED", "the answer is not whole JSON") : judgeStatus(answered);
  const error = isObject(body) ? (body["error"] ?? body["warning"]) : undefined;
  const [first] = Array.isArray(error) ? (error as unknown[]) : [error];
  return isObject(first) ? judgeError(first, answered) : judgeStatus(answered);
}

function judgeError(error: Record<string, unknown>, answered: Answered): Verdict {
  const label =
    typeof error["label"] === "string" ? printable(error["label"]).slice(0, 500) : "an error without words";
  const said = Number(error["status"] ?? answered.status);
  const message = `Eurostat says: ${label}`;
  if (/ASYNCHRONOUS_RESPONSE/i.test(label)) return { kind: "later", code: "PREPARING", message };
  if (/EXTRACTION_TOO_BIG/i.test(label) || said === 413)
    return { kind: "too big", code: "TOO_BIG", message, ...piecesOf(label) };
  if (said === 429 || said === 408 || said >= 500) return { kind: "retry", code: "OUTAGE", message };
  if (/not available for dissemination|ERR_NOT_FOUND_4/i.test(label)) {
    const hint = "ingest catalog --search finds what there is; a dataset may have been renamed or withdrawn";
    return { kind: "refused", code: "DATASET_UNKNOWN", message, hint };
  }
  if (Number(error["id"]) === 100) return { kind: "refused", code: "NO_RESULTS", message };
  return {
    kind: "refused",
    code: "REQUEST_REFUSED",
    message,
    hint: 'see "filters" of the dataset in sql_project.yaml: dimensions are named as published',
  };
}

/** `estimated 10305182 rows, max authorised is 5000000` */
function piecesOf(label: string): { pieces?: number } {
  const [, estimated, max] = /estimated (\d+) rows, max authorised is (\d+)/i.exec(label) ?? [];
  return estimated === undefined || Number(max) === 0
    ? {}
    : { pieces: Math.max(2, Math.ceil(Number(estimated) / Number(max))) };
}

/** A page is an outage, whatever its status; a fault of the gateway says what it is. */
function judgeMarkup(answered: Answered, text: string): Verdict {
  const fault = /<(?:\w+:)?faultstring\b[^>]*>([^<]{1,500})/i.exec(text)?.[1]?.trim();
  if (fault !== undefined) return judgeError({ label: fault, status: faultStatus(text, answered) }, answered);
  if (answered.status === 404 || answered.status === 413) return judgeStatus(answered);
  const title = /<title[^>]*>([^<]{1,200})/i.exec(text)?.[1]?.trim().replaceAll(/\s+/g, " ");
  return retry("OUTAGE", `a web page instead of data${title ? `: "${printable(title)}"` : ""}`);
}

const faultStatus = (text: string, { status }: Answered): number => {
  const code = /<(?:\w+:)?faultcode\b[^>]*>\s*(\d+)/i.exec(text)?.[1];
  return code === undefined || Number(code) < 400 ? status : Number(code);
};

const retry = (code: string, message: string): Verdict => ({ kind: "retry", code, message });
