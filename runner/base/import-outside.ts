/** In a script, which cannot import: what whoever runs it imports with. */
declare const STATLOOM_IMPORT: ((address: string) => Promise<unknown>) | undefined;

/** Imports a module that is no part of Statloom, by its address. */
export const importOutside = (address: string): Promise<unknown> =>
  typeof STATLOOM_IMPORT === "undefined" ? import(address) : STATLOOM_IMPORT(address);
