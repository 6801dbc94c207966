import type { Relation } from "../../graph/types.ts";
import { literal, quoteRelation } from "../standard.ts";

/** SQL of the id of a relation in the catalogue; null where there is none. */
export const idOf = (relation: Relation): string => `to_regclass(${literal(quoteRelation(relation))})`;

/** What is made for a table that is built beside another has names with this at the end until it may have its own: many are unique in a schema. */
export const BESIDE = "__new";

/** Bytes of a name, without {@link BESIDE}. */
export const LONGEST = 63 - BESIDE.length;
