import { useEffect, useState } from "preact/hooks";
import { loadData, readData } from "./registry.ts";

export type Loaded<T> = { readonly value: T | undefined; readonly error: string | null };

/** A data file of {@link loadData}, for a component; `null` asks for none. */
export function useData<T>(name: string | null): Loaded<T> {
  const [failed, setFailed] = useState<{ name: string; error: string } | null>(null);
  const [, redraw] = useState(0);
  const value = name === null ? undefined : readData<T>(name);
  useEffect(() => {
    if (name === null || value !== undefined) return undefined;
    let isWanted = true;
    loadData(name).then(
      () => isWanted && redraw((count) => count + 1),
      (error: Error) => isWanted && setFailed({ name, error: error.message }),
    );
    return () => void (isWanted = false);
  }, [name, value]);
  return { value, error: value === undefined && failed?.name === name ? failed.error : null };
}
