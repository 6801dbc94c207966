import type { JsonObject } from "../../base/json.ts";
import { packageVersion } from "../../base/package-root.ts";

/** Facets by the key they stand under, with the version of the schema that each follows: https://openlineage.io/spec/facets. */
const SCHEMAS = {
  parent: ["1-2-0", "ParentRunFacet"],
  processing_engine: ["1-1-1", "ProcessingEngineRunFacet"],
  errorMessage: ["1-0-1", "ErrorMessageRunFacet"],
  jobType: ["2-0-4", "JobTypeJobFacet"],
  sql: ["1-1-0", "SQLJobFacet"],
  documentation: ["1-1-0", "DocumentationJobFacet"],
  schema: ["1-2-0", "SchemaDatasetFacet"],
  columnLineage: ["1-2-0", "ColumnLineageDatasetFacet"],
  dataSource: ["1-0-1", "DatasourceDatasetFacet"],
  datasetDocumentation: ["1-1-0", "DocumentationDatasetFacet"],
  dataQualityAssertions: ["1-1-0", "DataQualityAssertionsDatasetFacet"],
  outputStatistics: ["1-0-2", "OutputStatisticsOutputDatasetFacet"],
} as const;

export const producer = (): string => `https://www.npmjs.com/package/statloom/v/${packageVersion()}`;

export function facet(name: keyof typeof SCHEMAS, body: JsonObject): JsonObject {
  const [version, schema] = SCHEMAS[name];
  const url = `https://openlineage.io/spec/facets/${version}/${schema}.json#/$defs/${schema}`;
  return { _producer: producer(), _schemaURL: url, ...body };
}
