declare const STATLOOM_BUILD: string | undefined;

/** What the bundle was made of, as a hash; undefined when the sources themselves run, which may be edited at any time. */
export const buildId = (): string | undefined =>
  typeof STATLOOM_BUILD === "undefined" ? undefined : STATLOOM_BUILD;
