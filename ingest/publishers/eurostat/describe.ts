import type { Http } from "../../http/types.ts";
import { readUpdated } from "../../jsonstat/updated.ts";
import type { DescribedDimension, Description, Wanted } from "../publisher.ts";
import { attribute, child, children, parseXml, textOf } from "../xml.ts";
import type { Xml } from "../xml.ts";
import type { Addresses } from "./addresses.ts";
import { pageOf } from "./addresses.ts";

/**
 * Two structure messages of SDMX 2.1, whatever the size of the dataset: the dataflow with its dimensions, concepts and code lists, and
 * the constraint, which says what codes and periods occur.
 */
export async function describeDataset(
  http: Http,
  addresses: Addresses,
  wanted: Wanted,
): Promise<Description> {
  const read = async (url: string): Promise<Xml> =>
    parseXml(Buffer.from((await http.read({ url })).bytes).toString("utf8"));
  const [structure, constraint] = [
    await read(addresses.structure(wanted.code)),
    await read(addresses.constraint(wanted.code)),
  ];
  return readStructure(wanted.code, structure, constraint, wanted.language ?? addresses.language);
}

function readStructure(code: string, structure: Xml, constraint: Xml, language: string): Description {
  const structures = child(structure, "Structure", "Structures");
  const dataflow = child(structures, "Dataflows", "Dataflow");
  const occurring = readConstraint(constraint);
  const labels = readCodelists(structures, language);
  const concepts = new Map(
    children(child(structures, "Concepts", "ConceptScheme"), "Concept").map((concept) => [
      attribute(concept, "id") ?? "",
      nameIn(concept, language),
    ]),
  );
  const list = child(
    structures,
    "DataStructures",
    "DataStructure",
    "DataStructureComponents",
    "DimensionList",
  );
  const dimensions = children(list, "Dimension").map((dimension): DescribedDimension => {
    const id = attribute(dimension, "id") ?? "";
    const enumeration = child(dimension, "LocalRepresentation", "Enumeration", "Ref");
    const names = labels.get(attribute(enumeration, "id") ?? "") ?? new Map<string, string | null>();
    const codes = occurring.get(id.toLowerCase()) ?? [...names.keys()];
    return {
      id,
      label: concepts.get(id) ?? null,
      role: id.toLowerCase() === "geo" ? "geo" : null,
      codes: codes.map((one) => ({ code: one, label: names.get(one) ?? null })),
    };
  });
  const periods = occurring.get("time_period") ?? occurring.get("time") ?? [];
  const time: DescribedDimension = {
    id: "time",
    label: concepts.get("TIME_PERIOD") ?? "Time",
    role: "time",
    codes: periods.map((one) => ({ code: one, label: null })),
  };
  const annotations = children(child(dataflow, "Annotations"), "Annotation");
  const annotated = (type: string): string | null => {
    const found = annotations.find((one) => textOf(child(one, "AnnotationType")) === type);
    return textOf(child(found, "AnnotationTitle"));
  };
  return {
    code: code.toLowerCase(),
    title: nameIn(dataflow, language) ?? code,
    updated: readUpdated(annotated("UPDATE_DATA") ?? undefined),
    page: pageOf(code),
    frequencies:
      dimensions.find(({ id }) => id.toLowerCase() === "freq")?.codes.map(({ code: one }) => one) ?? [],
    dimensions: [...dimensions, time],
    notes: [],
  };
}

/** Codes that occur, by dimension in lower case. */
function readConstraint(constraint: Xml): ReadonlyMap<string, readonly string[]> {
  const found = child(
    constraint,
    "Structure",
    "Structures",
    "Constraints",
    "ContentConstraint",
    "CubeRegion",
  );
  return new Map(
    children(found, "KeyValue").map((key) => [
      (attribute(key, "id") ?? "").toLowerCase(),
      children(key, "Value").flatMap((value) => textOf(value) ?? []),
    ]),
  );
}

function readCodelists(
  structures: unknown,
  language: string,
): ReadonlyMap<string, Map<string, string | null>> {
  return new Map(
    children(child(structures, "Codelists"), "Codelist").map((list) => [
      attribute(list, "id") ?? "",
      new Map(children(list, "Code").map((code) => [attribute(code, "id") ?? "", nameIn(code, language)])),
    ]),
  );
}

function nameIn(element: unknown, language: string): string | null {
  const names = children(element, "Name");
  return textOf(names.find((name) => attribute(name, "lang") === language) ?? names[0]);
}
