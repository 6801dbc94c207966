import { isObject } from "../../../runner/base/json.ts";
import type { Cube } from "../types.ts";
import { readUpdated } from "../updated.ts";
import type { Candidate } from "./classify.ts";

/** What a dataset says of itself. Old Eurostat services have a title and a date of their own names. */
export function readIdentity({
  header,
  bundleKey,
}: Candidate): Pick<Cube, "id" | "label" | "source" | "updated" | "statusLabels"> {
  const updated = header["updated"] ?? header["lastUpdateDate"];
  return {
    id: datasetId(header, bundleKey),
    label: textOrNull(header["label"] ?? header["title"]),
    source: textOrNull(header["source"]),
    updated: {
      text: typeof updated === "number" ? String(updated) : textOrNull(updated),
      instant: readUpdated(updated),
    },
    statusLabels: statusLabels(header),
  };
}

const textOrNull = (value: unknown): string | null => (typeof value === "string" ? value : null);

/**
 * The publisher's code of a dataset, in lower case: Eurostat's `extension.id`, the CSO's matrix, PxWeb's table id, an old
 * Eurostat service's `datasetId` or `code`, or the key of a 1.x bundle. Null where the document does not say.
 */
function datasetId(header: Readonly<Record<string, unknown>>, bundleKey: string | null): string | null {
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
function statusLabels(header: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  const extension = isObject(header["extension"]) ? header["extension"] : {};
  const modern = isObject(extension["status"]) ? extension["status"]["label"] : undefined;
  const status = isObject(header["status"]) ? header["status"] : {};
  const old = isObject(status["category"]) ? status["category"]["label"] : undefined;
  const labels = isObject(modern) ? modern : isObject(old) ? old : {};
  return Object.fromEntries(
    Object.entries(labels).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
  );
}
