import { link } from "../../../kit/route.ts";

export const columnLink = (id: string, column: string): string => link("lineage", ["column", id, column]);
