import { columnNames } from "../jsonstat/header/column-names.ts";
import type { DescribedDimension, Description } from "../publishers/publisher.ts";
import { landingName } from "../../runner/project/landing.ts";

/** A dimension as a column of what lands. */
export type AddedColumn = DescribedDimension & { readonly column: string };

export type AddedNames = {
  /** Source and table, as the folders of the landing zone are called. */
  readonly publisher: string;
  readonly dataset: string;
  /** `stg_eurostat__hlth_silc_13` */
  readonly model: string;
  readonly modelFile: string;
  readonly propertyFile: string;
  /** All dimensions but time, in the publisher's order. */
  readonly columns: readonly AddedColumn[];
};

/** What everything is called that is written for a dataset. */
export function namesOf(publisherName: string, datasetName: string, description: Description): AddedNames {
  const publisher = landingName("publisher", publisherName);
  const dataset = landingName("dataset", datasetName);
  const { dimensions } = description;
  const time = dimensions.findIndex(({ role }) => role === "time");
  const columns = columnNames(
    dimensions.map(({ id }) => id),
    time === -1 ? null : time,
  );
  const plain = (name: string): string => name.replaceAll(/[^a-z0-9_]/g, "_");
  const stem = `${plain(publisher)}__${plain(dataset)}`;
  return {
    publisher,
    dataset,
    model: `stg_${stem}`,
    modelFile: `models/staging/stg_${stem}.sql`,
    propertyFile: `models/staging/_${stem}.yml`,
    columns: dimensions.flatMap((dimension, i) =>
      i === time ? [] : [{ ...dimension, column: columns[i]! }],
    ),
  };
}
