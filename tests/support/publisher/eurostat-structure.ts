import { escape } from "./reply.ts";
import { codesOf } from "./slice.ts";
import type { Dataset } from "./slice.ts";

/** Structure messages of SDMX 2.1, as far as they are read. */
export function structureOf(code: string, dataset: Dataset): string {
  const upper = code.toUpperCase();
  const ids = dataset.id.slice(0, -1);
  const name = (text: string): string => `<c:Name xml:lang="en">${escape(text)}</c:Name>`;
  const lists = ids.map((id) => {
    const { category } = dataset.dimension[id]!;
    const codes = codesOf(dataset.dimension[id]!).map(
      (one) => `<s:Code id="${escape(one)}">${name(category.label?.[one] ?? one)}</s:Code>`,
    );
    return `<s:Codelist id="${id.toUpperCase()}">${name(id)}${codes.join("")}</s:Codelist>`;
  });
  const dimensions = ids.map(
    (id, i) =>
      `<s:Dimension id="${id}" position="${i + 1}"><s:LocalRepresentation><s:Enumeration><Ref id="${id.toUpperCase()}" class="Codelist"/></s:Enumeration></s:LocalRepresentation></s:Dimension>`,
  );
  const concepts = [...ids, "TIME_PERIOD"].map(
    (id) =>
      `<s:Concept id="${id}">${name(dataset.dimension[id]?.label ?? (id === "TIME_PERIOD" ? "Time" : id))}</s:Concept>`,
  );
  return `${HEAD}<s:Dataflows><s:Dataflow id="${upper}"><c:Annotations><c:Annotation><c:AnnotationTitle>${dataset.updated ?? ""}</c:AnnotationTitle><c:AnnotationType>UPDATE_DATA</c:AnnotationType></c:Annotation></c:Annotations>${name(dataset.label ?? code)}</s:Dataflow></s:Dataflows><s:Codelists>${lists.join("")}</s:Codelists><s:Concepts><s:ConceptScheme>${concepts.join("")}</s:ConceptScheme></s:Concepts><s:DataStructures><s:DataStructure id="${upper}"><s:DataStructureComponents><s:DimensionList>${dimensions.join("")}<s:TimeDimension id="TIME_PERIOD" position="${ids.length + 1}"/></s:DimensionList></s:DataStructureComponents></s:DataStructure></s:DataStructures>${FOOT}`;
}

/** What codes occur. */
export function constraintOf(code: string, dataset: Dataset): string {
  const keys = dataset.id.map((id, i) => {
    const values = codesOf(dataset.dimension[id]!).map((one) => `<c:Value>${escape(one)}</c:Value>`);
    return `<c:KeyValue id="${i === dataset.id.length - 1 ? "TIME_PERIOD" : id}">${values.join("")}</c:KeyValue>`;
  });
  return `${HEAD}<s:Constraints><s:ContentConstraint id="${code.toUpperCase()}" type="Actual"><s:CubeRegion include="true">${keys.join("")}</s:CubeRegion></s:ContentConstraint></s:Constraints>${FOOT}`;
}

const HEAD =
  '<?xml version="1.0" encoding="UTF-8"?><m:Structure xmlns:m="http://www.sdmx.org/resources/sdmxml/schemas/v2_1/message" xmlns:s="http://www.sdmx.org/resources/sdmxml/schemas/v2_1/structure" xmlns:c="http://www.sdmx.org/resources/sdmxml/schemas/v2_1/common"><m:Structures>';
const FOOT = "</m:Structures></m:Structure>\n";
