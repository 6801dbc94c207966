import { isObject } from "../../../runner/base/json.ts";
import type { Http } from "../../http/types.ts";
import { readPeriod } from "../../jsonstat/periods.ts";
import type { DescribedDimension, Description } from "../publisher.ts";
import { readJson } from "../read-json.ts";
import { judgePxWeb } from "./judge.ts";

/** What `GET` of a table gives: `{title, variables: [{code, text, values, valueTexts, time?}]}`. It does not say when it was updated. */
export async function describeTable(http: Http, address: string, code: string): Promise<Description> {
  const body = await readJson(http, { url: address }, judgePxWeb);
  const variables = Array.isArray(body["variables"]) ? (body["variables"] as unknown[]) : [];
  const dimensions = variables.flatMap((one) => (isObject(one) ? [dimensionOf(one)] : []));
  const time = dimensions.find(({ role }) => role === "time");
  const letters = time?.codes.map((period) => readPeriod(period.code).frequency) ?? [];
  return {
    code,
    title: typeof body["title"] === "string" ? body["title"] : code,
    updated: null,
    page: null,
    frequencies: [...new Set(letters.filter((letter) => letter !== null))],
    dimensions,
    notes: [],
  };
}

function dimensionOf(variable: Record<string, unknown>): DescribedDimension {
  const texts = (name: string): string[] =>
    Array.isArray(variable[name]) ? (variable[name] as unknown[]).map(String) : [];
  const labels = texts("valueTexts");
  const id = typeof variable["code"] === "string" ? variable["code"] : "";
  return {
    id,
    label: typeof variable["text"] === "string" ? variable["text"] : null,
    role: variable["time"] === true ? "time" : id === "ContentsCode" ? "metric" : null,
    codes: texts("values").map((code, i) => ({ code, label: labels[i] ?? null })),
  };
}
