import { isObject, parseJson } from "../../../runner/base/json.ts";
import { printable } from "../../../runner/base/text.ts";
import { judgeStatus } from "../../http/judge-status.ts";
import type { Answered, Verdict } from "../../http/types.ts";
import { judgeDocument } from "../files.ts";

/** What an answer of PxStat means: JSON-RPC tells errors with status 200, as `{"error": {code, message}}`. */
export function judgePxStat(answered: Answered): Verdict {
  const { head, isWhole, status } = answered;
  if (status === 404)
    return {
      kind: "refused",
      code: "DATASET_UNKNOWN",
      message: "the publisher has no such table",
      hint: "ingest catalog --search finds what there is; a table may have been renamed or withdrawn",
    };
  const verdict = judgeDocument(answered);
  if (verdict.kind !== "data" || !isWhole) return verdict;
  const body = parseJson(head);
  if (body === undefined)
    return { kind: "retry", code: "TRUNCATED", message: "the answer is not whole JSON" };
  const error = isObject(body) && isObject(body["error"]) ? body["error"] : undefined;
  if (error === undefined) return judgeStatus(answered);
  const words =
    typeof error["message"] === "string"
      ? printable(error["message"]).slice(0, 500)
      : "an error without words";
  return {
    kind: "refused",
    code: "REQUEST_REFUSED",
    message: `the publisher says: ${words}`,
    hint: 'see "filters" of the dataset in sql_project.yaml: dimensions and codes are named as published',
  };
}
