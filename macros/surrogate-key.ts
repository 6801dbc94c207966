/**
 * A key made of several columns: equal for equal rows, nulls included, whatever the columns hold. The columns are names or expressions.
 *
 *     select {{ surrogate_key(['geo', 'sex']) }} as row_key
 */
export function surrogate_key(columns: readonly string[]): string {
  // The separator cannot be forged: every part says how long it is.
  const parts = columns.map((column) => {
    const text = `cast(${column} as varchar)`;
    return `coalesce(length(${text}) || ':' || ${text}, '-')`;
  });
  return `md5(${parts.join(" || ")})`;
}
