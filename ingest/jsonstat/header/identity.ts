import { isObject } from "../../../runner/base/json.ts";

/**
 * The publisher's code of a dataset, in lower case: Eurostat's `extension.id`, the CSO's matrix, PxWeb's table id, an old
 * Eurostat service's `datasetId` or `code`, or the key of a 1.x bundle. Null where the document does not say.
 */
export function datasetId(
  header: Readonly<Record<string, unknown>>,
  bundleKey: string | null,
): string | null {
  const extension = isObject(header["extension"]) ? header["extension"] : {};
  const px = isObject(extension["px"]) ? extension["px"] : {};
  const named = [
    extension["id"],
    extension["matrix"],
    px["tableid"],
    px["matrix"],
    extension["datasetId"],
    bundleKey,
    header["code"],
  ];
  const id = named.find((name): name is string => typeof name === "string" && name.trim() !== "");
  return id === undefined ? null : id.trim().toLowerCase();
}

/** What the publisher says its statuses mean; `{}` when it does not. */
export function statusLabels(header: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  const extension = isObject(header["extension"]) ? header["extension"] : {};
  const modern = isObject(extension["status"]) ? extension["status"]["label"] : undefined;
  const status = isObject(header["status"]) ? header["status"] : {};
  const old = isObject(status["category"]) ? status["category"]["label"] : undefined;
  const labels = isObject(modern) ? modern : isObject(old) ? old : {};
  return Object.fromEntries(
    Object.entries(labels).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
  );
}
