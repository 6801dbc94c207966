/** How long the tests wait for what does not come, in milliseconds; each is told by the one that it stands below. */
export const PATIENCE = {
  /** A condition that a test looks at over and over. */
  condition: 60_000,
  /** A command, which is killed then. */
  command: 120_000,
  /** A test, or whatever else of a file neither begins nor ends one: its process ends. */
  test: 300_000,
  /** A file: what cannot even tell the time any more. */
  file: 900_000,
} as const;
