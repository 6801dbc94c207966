import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Session } from "../../runner/adapters/adapter.ts";
import { openAdapter } from "../../runner/adapters/open.ts";
import { replaceRelation } from "../../runner/adapters/postgres/replace-relation.ts";
import type { PostgresSession } from "../../runner/adapters/postgres/session.ts";
import { retryConflicts } from "../../runner/adapters/retry-conflicts.ts";
import type { Relation } from "../../runner/graph/types.ts";
import { connect, databaseForTests } from "../support/postgres.ts";
import { postgresTarget } from "./postgres-target.ts";

const server = await databaseForTests();

describe("two tables that one view reads, replaced at once", { skip: server.skip }, () => {
  if (server.skip !== false) return;
  const sql = connect(server.url);

  test("do not wait for each other, nor fail of what they find changed", { timeout: 60_000 }, async () => {
    await sql.unsafe(`create schema shop;
      create table shop.left_one as select 1 as id; create table shop.right_one as select 1 as id;
      create view shop.both as select l.id from shop.left_one l join shop.right_one r using (id)`);
    await using db = await openAdapter({ ...postgresTarget(server.url), settings: { lock_timeout: "5s" } });
    const [one, other] = [await db.session(), await db.session()];
    // Both have looked at who reads theirs before either locks anything.
    let arrived = 0;
    let go = (): void => undefined;
    const bothThere = new Promise<void>((resolve) => (go = resolve));
    const replace = async (session: Session, name: string): Promise<void> => {
      const relation = (identifier: string): Relation => ({ database: null, schema: "shop", identifier });
      let isFirst = true;
      const talk = {
        query: (text: string) => session.query(text),
        run: (text: string) => session.run(text),
        async script(statements: readonly string[]) {
          if (isFirst && statements[0]?.startsWith("set local lock_timeout")) {
            isFirst = false;
            if (++arrived === 2) go();
            await bothThere;
          }
          return (session as PostgresSession).script(statements);
        },
      };
      await retryConflicts(() =>
        session.transaction(async () => {
          await session.run(`create table shop.${name}_new as select 2 as id`);
          const beside = relation(`${name}_new`);
          await replaceRelation(talk, { target: relation(name), beside, is: "table" });
        }),
      );
    };
    await Promise.all([replace(one, "left_one"), replace(other, "right_one")]);
    assert.deepEqual([...(await sql.unsafe("select * from shop.both"))], [{ id: 2 }]);
  });
});
