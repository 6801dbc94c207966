import semver from "semver";

export const isRange = (range: string): boolean => semver.validRange(range) !== null;

/** Pre-releases count as versions like others: whoever installed one means it. */
export const isWithin = (version: string, range: string): boolean =>
  semver.satisfies(version, range, { includePrerelease: true });
