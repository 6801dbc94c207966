import { sha256 } from "../base/hash.ts";
import type { Place } from "../base/problems.ts";
import { isShare, testConfigSchema } from "../project/config-schemas.ts";
import { FOLDERS, isBesideTests } from "../project/find-files.ts";
import type { TextFile } from "../project/types.ts";
import { callOf, inFileConfigs } from "./in-file-config.ts";
import { nameOfFile, schemaName } from "./naming.ts";
import { readTemplate, withWhere } from "./read-template.ts";
import { settleTwins } from "./settle-twins.ts";
import type { TestConfig, TestNode } from "./types.ts";
import { noColumns } from "./column-infos.ts";
import { describe, docBlocksOf, filesByName, pathOf, propertiesByName, report } from "./workshop.ts";
import type { Workshop } from "./workshop.ts";

/** dbt's schema for failures. */
export const FAILURES = "dbt_test__audit";

/** The schema for failures of a test, when they are stored: dbt's for it, unless the test names one. */
export const failureSchema = (workshop: Workshop, { schema }: TestConfig): string =>
  schemaName(workshop.project.target.schema, schema ?? FAILURES);

/** A share needs rows to be a share of, and something that counts them: else nothing could ever be over it. */
export function checkShares(workshop: Workshop, config: TestConfig, place: Place, generic: boolean): void {
  if (generic || (!isShare(config.warn_if) && !isShare(config.error_if))) return;
  for (const key of ["warn_if", "error_if"] as const) {
    if (!isShare(config[key])) continue;
    const message = `${key} "${config[key]}" is a share of the rows, and how many this test looks at is not known`;
    report(workshop, place, "TEST_SHARE", message, "compare with a number: > 10");
  }
}

const nameOfTest = (path: string): ReturnType<typeof nameOfFile> =>
  nameOfFile(path, isBesideTests(path) ? "tests" : FOLDERS.tests);

/** A singular test a file of `tests/data/`, or of `tests/` itself: a query that finds what is wrong. */
export function singularTests(workshop: Workshop): TestNode[] {
  const { project } = workshop;
  const { byName, twins } = filesByName(project.files.singularTests);
  const properties = propertiesByName(workshop, "data test", project.properties.dataTests, byName);
  const make = (apart: Workshop, name: string, file: TextFile): TestNode => {
    const { folders, path } = nameOfTest(file.path);
    const uniqueId = `test.${project.name}.${name}`;
    const { template, analysis, references, macros } = readTemplate(apart, uniqueId, file.file, file.text);
    const own = properties.get(name);
    const calls = inFileConfigs(workshop, template, analysis, testConfigSchema);
    const fqn = [project.name, ...folders, name];
    const { config, said } = workshop.configs.tests.resolve(fqn, [own?.config ?? {}, ...calls]);
    const place = { file: file.file, line: 1, column: 1 };
    const alias = config.alias ?? name;
    checkShares(workshop, config, place, false);
    return {
      resourceType: "test",
      uniqueId,
      name,
      packageName: project.name,
      path,
      originalFilePath: file.path,
      fqn,
      description: describe(workshop, own?.description ?? "", own?.place ?? place),
      docBlocks: docBlocksOf(workshop, own?.description ?? ""),
      tags: config.tags,
      meta: config.meta,
      said: { config: said, call: callOf(calls), dynamic: own?.dynamic },
      columns: noColumns,
      patchPath: own === undefined ? null : pathOf(workshop, own.place),
      checksum: file.checksum ?? sha256(file.text.trim()),
      dependsOn: { nodes: [], macros },
      place,
      alias,
      relation: { database: null, schema: failureSchema(workshop, config), identifier: alias },
      config,
      rawCode: file.text,
      references: withWhere(workshop, references, config.where, place),
      generic: null,
    };
  };
  const nodes = Array.from(byName, ([name, file]) => make(workshop, name, file));
  return settleTwins(workshop, "test", nodes, twins, make);
}
