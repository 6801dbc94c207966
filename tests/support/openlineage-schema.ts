import assert from "node:assert/strict";
import { Ajv2020 } from "ajv/dist/2020.js";
import formats from "ajv-formats";

/**
 * OpenLineage's RunEvent 2-0-2 and the facets that Statloom sends, written down from its specification (https://openlineage.io/spec) and
 * closed: a key that the specification does not know is a mistake, where the specification itself would let it pass.
 */
type Schema = Readonly<Record<string, unknown>>;
const string = { type: "string" };
const uri = { type: "string", format: "uri" };
const uuid = { type: "string", format: "uuid" };
const boolean = { type: "boolean" };
const count = { type: "integer", minimum: 0 };
const list = (items: Schema): Schema => ({ type: "array", items });
const object = (required: Schema, optional: Schema = {}): Schema => ({
  type: "object",
  properties: { ...required, ...optional },
  required: Object.keys(required),
  additionalProperties: false,
});
const facet = (version: string, name: string, required: Schema, optional: Schema = {}): Schema =>
  object(
    {
      _producer: uri,
      _schemaURL: { const: `https://openlineage.io/spec/facets/${version}/${name}.json#/$defs/${name}` },
      ...required,
    },
    optional,
  );
const facets = (known: Schema): Schema => object({}, known);

const job = object({ namespace: string, name: string });
const run = object({ runId: uuid });
const inputColumn = object(
  { namespace: string, name: string, field: string },
  {
    transformations: list(
      object(
        { type: { enum: ["DIRECT", "INDIRECT"] } },
        { subtype: string, description: string, masking: boolean },
      ),
    ),
  },
);
const runFacets = facets({
  parent: facet("1-2-0", "ParentRunFacet", { run, job }, { root: object({ run, job }) }),
  processing_engine: facet(
    "1-1-1",
    "ProcessingEngineRunFacet",
    { version: string },
    { name: string, openlineageAdapterVersion: string },
  ),
  errorMessage: facet(
    "1-0-1",
    "ErrorMessageRunFacet",
    { message: string, programmingLanguage: string },
    { stackTrace: string },
  ),
});
const jobFacets = facets({
  jobType: facet(
    "2-0-4",
    "JobTypeJobFacet",
    { processingType: { enum: ["BATCH", "STREAMING", "SERVICE"] }, integration: string },
    { jobType: string },
  ),
  sql: facet("1-1-0", "SQLJobFacet", { query: string }, { dialect: string }),
  documentation: facet("1-1-0", "DocumentationJobFacet", { description: string }, { contentType: string }),
});
const datasetFacets = facets({
  dataSource: facet("1-0-1", "DatasourceDatasetFacet", {}, { name: string, uri }),
  documentation: facet(
    "1-1-0",
    "DocumentationDatasetFacet",
    { description: string },
    { contentType: string },
  ),
  schema: facet(
    "1-2-0",
    "SchemaDatasetFacet",
    {},
    { fields: list(object({ name: string }, { type: string, description: string })) },
  ),
  columnLineage: facet(
    "1-2-0",
    "ColumnLineageDatasetFacet",
    {
      fields: { type: "object", additionalProperties: object({ inputFields: list(inputColumn) }) },
    },
    { dataset: list(inputColumn) },
  ),
});
const inputFacets = facets({
  dataQualityAssertions: facet("1-1-0", "DataQualityAssertionsDatasetFacet", {
    assertions: list(
      object(
        { assertion: string, success: boolean },
        {
          column: string,
          severity: string,
          name: string,
          description: string,
          expected: string,
          actual: string,
          content: string,
        },
      ),
    ),
  }),
});
const outputFacets = facets({
  outputStatistics: facet(
    "1-0-2",
    "OutputStatisticsOutputDatasetFacet",
    {},
    { rowCount: count, size: count, fileCount: count },
  ),
});
const dataset = { namespace: { type: "string", minLength: 1 }, name: { type: "string", minLength: 1 } };

const RUN_EVENT: Schema = object(
  {
    eventTime: { type: "string", format: "date-time" },
    producer: uri,
    schemaURL: { const: "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent" },
    run: object({ runId: uuid }, { facets: runFacets }),
    job: object({ namespace: string, name: string }, { facets: jobFacets }),
  },
  {
    eventType: { enum: ["START", "RUNNING", "COMPLETE", "ABORT", "FAIL", "OTHER"] },
    inputs: list(object(dataset, { facets: datasetFacets, inputFacets })),
    outputs: list(object(dataset, { facets: datasetFacets, outputFacets })),
  },
);

const ajv = new Ajv2020({ allErrors: true });
(formats as unknown as (to: Ajv2020) => void)(ajv);
const validate = ajv.compile(RUN_EVENT);

/** Fails with every place where an event is not what OpenLineage says. */
export function assertOpenLineage(event: unknown): void {
  validate(event);
  assert.deepEqual(
    (validate.errors ?? []).map((e) => `${e.instancePath} ${e.message} ${JSON.stringify(e.params)}`),
    [],
  );
}
