/** Whether values of `type` lose a part in a column of `was` without an error: fractions, times of a day. */
export function holdsLess(was: string, type: string): boolean {
  if (/^date$/i.test(was)) return /^timestamp/i.test(type);
  const places = (of: string): number =>
    /int(eger)?$/i.test(of)
      ? 0
      : Number(
          /^(?:decimal|numeric)\(\d+,\s*(\d+)\)$/i.exec(of)?.[1] ??
            (/^(decimal|numeric|double|real|float)/i.test(of) ? Infinity : -1),
        );
  const [before, now] = [places(was), places(type)];
  return before >= 0 && before < now;
}

/** `varchar(3)` beside `varchar(6)`, or beside a text of any length. */
export function isLonger(was: string, type: string): boolean {
  const length = (of: string): number => {
    const [, digits] = /^(?:character varying|varchar)(?:\((\d+)\))?$/i.exec(of) ?? [];
    return digits === undefined
      ? /^(character varying|varchar|text)$/i.test(of)
        ? Infinity
        : 0
      : Number(digits);
  };
  const [before, now] = [length(was), length(type)];
  return before > 0 && before < now;
}
