import type { Adapter } from "../adapters/adapter.ts";
import { settledStamp, stampOf } from "../adapters/duckdb/file-stamp.ts";
import { StatloomError } from "../base/errors.ts";
import { sha256 } from "../base/hash.ts";
import { readFacts } from "../execute/warehouse-facts.ts";
import type { WarehouseFacts } from "../execute/warehouse-facts.ts";
import type { OpenProject } from "./open-project.ts";
import { readNote, writeNote } from "./parse-cache/store.ts";

/** What a warehouse file held when it had this stamp. */
export type Noted = { readonly stamp: string; readonly facts: WarehouseFacts };
type Note = Noted & { readonly form: number };

/** Another one with every change of what facts are, or of how they are written. */
const FORM = 1;

export type Recalled = Noted & {
  /** Whether the file holds the same still. Of one that this process has open: nobody else changes it from then on. */
  readonly isStill: () => boolean;
};

/**
 * What the warehouse holds, without opening it; null where that cannot be known for certain. A process that has it open may have begun
 * something: until that is committed, the file says what is true.
 */
export function recallWarehouse(open: OpenProject, schemas: Iterable<string>): Recalled | null {
  const place = placeOf(open);
  if (place === null || open.defer !== undefined) return null;
  const stamp = stampOf(place.path);
  if (stamp === null) return null;
  const note = noteAt(place);
  if (note?.stamp !== stamp) return null;
  const known = listedIn(note);
  for (const schema of schemas) if (!known.has(open.dialect.identifierKey(schema))) return null;
  const { facts } = note;
  return { facts, stamp, isStill: () => stampOf(place.path) === stamp };
}

/**
 * Notes what the warehouse holds now, for the next process, and gives it. What cannot be noted is null, and read from the warehouse
 * then.
 */
export async function noteWarehouse(
  open: OpenProject,
  adapter: Adapter,
  schemas: Iterable<string>,
): Promise<Noted | null> {
  const place = placeOf(open);
  if (place === null) return null;
  const session = await adapter.session();
  try {
    const stamp = await settledStamp(session, place.path);
    if (stamp === null) return null;
    // A run of a part has not looked at the schemas of the others.
    const all = new Set([...schemas, ...listedIn(noteAt(place))]);
    const scope = open.project.target.schema;
    const facts = await session.transaction(() => readFacts(session, open.dialect, scope, all));
    // Another run of this same process may have come between.
    if (stampOf(place.path) !== stamp) return null;
    writeNote(place.folder, place.name, { form: FORM, stamp, facts });
    return { facts, stamp };
  } catch (error) {
    const isTold = error instanceof StatloomError || (error as NodeJS.ErrnoException).code !== undefined;
    if (!isTold) throw error;
    return null;
  } finally {
    await session.close();
  }
}

type Place = { readonly folder: string; readonly name: string; readonly path: string };

const noteAt = ({ folder, name }: Place): Note | undefined => {
  const note = readNote(folder, name) as Note | undefined;
  return note?.form === FORM ? note : undefined;
};

const listedIn = (note: Note | undefined): Set<string> =>
  new Set(note?.facts.listed.map(([schema]) => schema));

/** Where it is noted, and the file that the note is of; null: nothing is kept here, or the warehouse is no file. */
function placeOf({ keptFolder, project: { target } }: OpenProject): Place | null {
  if (keptFolder === undefined || target.type !== "duckdb" || target.path === ":memory:") return null;
  const name = `warehouse-${sha256(JSON.stringify([target.path, target.schema])).slice(0, 16)}.json`;
  return { folder: keptFolder, name, path: target.path };
}
