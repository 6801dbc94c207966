import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { OperationError } from "../../runner/base/errors.ts";
import { writeFileAtomic } from "../../runner/base/files.ts";
import { dialectOf } from "../../runner/dialects/dialect-of.ts";
import { PROJECT_FILES, projectFileIn } from "../../runner/project/find-project.ts";
import { schemaReference } from "../../runner/project/schema-reference.ts";
import type { Project } from "../../runner/project/types.ts";
import type { Description } from "../publishers/publisher.ts";
import type { AddedNames } from "./names.ts";
import { withDataset } from "./project-entry.ts";
import { propertyFile } from "./properties.ts";
import { stagingModel } from "./staging-model.ts";

/** What became of a file: `kept` means that somebody wrote it, or the same from before. */
export type AddedFile = { readonly file: string; readonly outcome: "written" | "kept" };

export type AddOptions = {
  readonly project: Project;
  readonly names: AddedNames;
  readonly description: Description;
  /** For `ingest.datasets`; null: an entry of the project means the dataset already. */
  readonly entry: Readonly<Record<string, string>> | null;
};

/**
 * Writes a dataset into the project: its source, a staging model, an entry that keeps it up to date. Only what is not there yet is written, each
 * file whole; the entry comes last, so that what is fetched always has its model.
 */
export function addDataset({ project, names, description, entry }: AddOptions): AddedFile[] {
  const { root } = project;
  const { publisher, dataset, model } = names;
  const declared = project.properties.sources.filter(({ name }) => name === publisher);
  const foreign = declared.find(({ landing }) => !landing);
  if (foreign !== undefined) {
    throw new OperationError(
      "SOURCE_NOT_LANDED",
      `the source "${publisher}" in ${foreign.place.file} is not of the landing zone`,
      { hint: 'say "landing: true" of it, or give it another name' },
    );
  }
  const missing = {
    source: !declared.some(({ tables }) =>
      tables.some(({ name, identifier }) => [name, identifier].includes(dataset)),
    ),
    model: !project.properties.models.some(({ name }) => name === model),
  };
  const hasModel = project.files.models.some(({ path }) => path.endsWith(`/${model}.sql`));
  const write = (file: string, isThere: boolean, text: () => string): AddedFile => {
    if (isThere || existsSync(join(root, file))) return { file, outcome: "kept" };
    writeFileAtomic(join(root, file), text());
    return { file, outcome: "written" };
  };
  const dialect = dialectOf(project.target.type);
  const files = [
    write(names.modelFile, hasModel, () => stagingModel(names, dialect)),
    write(names.propertyFile, !missing.source && !missing.model, () =>
      propertyFile(
        names,
        description,
        missing,
        schemaReference(root, join(root, names.propertyFile), "properties"),
      ),
    ),
  ];
  const file = projectFileIn(root) ?? PROJECT_FILES[0];
  if (entry === null) return [...files, { file, outcome: "kept" }];
  const path = join(root, file);
  writeFileAtomic(path, withDataset(readFileSync(path, "utf8"), entry));
  return [...files, { file, outcome: "written" }];
}
