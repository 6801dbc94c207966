import * as z from "zod";

export const NO_TEMPLATE = /^(?![^]*\{\{[^]*\}\})/;

/** Text that is taken as it stands: a template in it would become a name with braces. */
export const plainText = z.string().regex(NO_TEMPLATE, "must be plain text");
