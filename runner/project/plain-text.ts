import * as z from "zod";

/** Text that is taken as it stands: a template in it would become a name with braces. */
export const plainText = z.string().regex(/^(?![^]*\{\{[^]*\}\})/, "must be plain text");
