import { describe, test } from "node:test";
import type { Adapter, Session } from "../../runner/adapters/adapter.ts";
import { attemptCases } from "./cases/attempts.ts";
import { auditCases } from "./cases/audits.ts";
import { buildCases } from "./cases/builds.ts";
import { catalogCases } from "./cases/catalog.ts";
import { contractCases } from "./cases/contracts.ts";
import { csvCases } from "./cases/csv.ts";
import { errorCases } from "./cases/errors.ts";
import { externalCases } from "./cases/external.ts";
import { hookCases } from "./cases/hooks.ts";
import { incrementalCases } from "./cases/incremental.ts";
import { layoutCases } from "./cases/layout.ts";
import { materializedCases } from "./cases/materialized.ts";
import { microbatchCases } from "./cases/microbatch.ts";
import { portionCases } from "./cases/portions.ts";
import { profileCases } from "./cases/profiles.ts";
import { quarantineCases } from "./cases/quarantine.ts";
import { relationCases } from "./cases/relations.ts";
import { schemaChangeCases } from "./cases/schema-change.ts";
import { sessionCases } from "./cases/sessions.ts";
import { shippedTestCases } from "./cases/shipped-tests.ts";
import { returningRowCases } from "./cases/returning-rows.ts";
import { snapshotCases } from "./cases/snapshots.ts";
import { transactionCases } from "./cases/transactions.ts";
import { versionCases } from "./cases/versions.ts";
import { valueCases } from "./cases/values.ts";

/** One thing that every engine must do, given a warehouse of its own and a first session on it. */
export type ContractCase = {
  readonly title: string;
  readonly body: (session: Session, db: Adapter) => Promise<void>;
};

/** Groups of cases; a title is unique over all of them, so that it can be skipped by name. */
const groups: Readonly<Record<string, readonly ContractCase[]>> = {
  values: valueCases,
  errors: errorCases,
  transactions: transactionCases,
  sessions: sessionCases,
  catalog: catalogCases,
  "CSV files": csvCases,
  builds: buildCases,
  versions: versionCases,
  attempts: attemptCases,
  audits: auditCases,
  quarantine: quarantineCases,
  contracts: contractCases,
  hooks: hookCases,
  portions: portionCases,
  profiles: profileCases,
  relations: relationCases,
  "materialized views": materializedCases,
  layout: layoutCases,
  incremental: incrementalCases,
  "schema changes": schemaChangeCases,
  microbatch: microbatchCases,
  "shipped tests": shippedTestCases,
  snapshots: [...snapshotCases, ...returningRowCases],
  "external files": externalCases,
};

/**
 * What every adapter must pass. `open` gives an empty warehouse each time; `skip` says, by title, which case an engine
 * cannot do, and why.
 */
export function adapterContract(
  name: string,
  open: () => Promise<Adapter>,
  skip: Readonly<Record<string, string>> = {},
): void {
  const titles = Object.values(groups).flatMap((cases) => cases.map(({ title }) => title));
  const unknown = Object.keys(skip).filter((title) => !titles.includes(title));
  if (unknown.length > 0) throw new Error(`no such case to skip: ${unknown.join(", ")}`);

  describe(`${name} adapter`, { concurrency: false }, () => {
    for (const [group, cases] of Object.entries(groups)) {
      describe(group, () => {
        for (const { title, body } of cases) {
          test(title, { skip: skip[title] ?? false, timeout: 60_000 }, async () => {
            await using db = await open();
            await body(await db.session(), db);
          });
        }
      });
    }
  });
}
