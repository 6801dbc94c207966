import type { Json } from "../base/json.ts";
import type { JsonWriter } from "./json-writer.ts";

/** What entries say under each key: a value that is the same in all of them, how the one of an entry is found, or how it is written. */
export type Fields<T, Context> = {
  readonly [key: string]:
    | Json
    | ((value: T, context: Context) => Json | Uint8Array)
    | Written<T, Context>
    | Fields<T, Context>;
};
export type Write<T, Context> = (out: JsonWriter, value: T, context: Context) => void;

/** A field that is more than a value: what it depends on, and how that is written. */
export class Written<T, Context> {
  readonly of: (value: T, context: Context) => unknown;
  readonly write: (out: JsonWriter, of: unknown) => void;
  constructor(of: (value: T, context: Context) => unknown, write: (out: JsonWriter, of: unknown) => void) {
    this.of = of;
    this.write = write;
  }
}

export const written = <T, Context, Of>(
  of: (value: T, context: Context) => Of,
  write: (out: JsonWriter, of: Of) => void,
): Written<T, Context> => new Written(of, write as (out: JsonWriter, of: unknown) => void);

/** What was written last: of what the fields were made, and where each began, with what stands before it; last where the entry ended. */
type Last = { readonly made: unknown[]; starts: Float64Array; others: Float64Array };

let writers = 0;

/**
 * How entries of these fields are written, the keys in this order. What they have in common is spelt once; and what an entry says like
 * the last one of its kind is copied from there, many fields at a time: of the fifty fields of a test, ten are its own.
 */
export function entryWriter<T, Context>(fields: Fields<T, Context>): Write<T, Context> {
  const { before, of, write, end } = partsOf(fields);
  const count = of.length;
  const number = writers++;
  const writeAnew = (out: JsonWriter, value: T, context: Context, { made, starts }: Last): void => {
    for (let i = 0; i < count; i++) {
      starts[i] = out.position;
      out.raw(before[i]!);
      write[i]!(out, (made[i] = of[i]!(value, context)));
    }
    starts[count] = out.position;
    out.raw(end);
  };
  return (out, value, context) => {
    const last = out.lastEntries[number] as Last | undefined;
    if (last === undefined || !out.holds(last.starts[0]!)) {
      writeAnew(out, value, context, (out.lastEntries[number] = nothingOf(count)));
      return;
    }
    const { made, starts, others } = last;
    /** Fields up to here are written. */
    let done = 0;
    for (let i = 0; i < count; i++) {
      const found = of[i]!(value, context);
      if (isSame(found, made[i])) continue;
      made[i] = found;
      const by = out.position - starts[done]!;
      for (let k = done; k <= i; k++) others[k] = starts[k]! + by;
      out.again(starts[done]!, starts[i]! + before[i]!.length);
      write[i]!(out, found);
      done = i + 1;
    }
    const by = out.position - starts[done]!;
    for (let k = done; k <= count; k++) others[k] = starts[k]! + by;
    out.again(starts[done]!, starts[count]! + end.length);
    last.starts = others;
    last.others = starts;
  };
}

const nothingOf = (count: number): Last => ({
  made: Array.from({ length: count }),
  starts: new Float64Array(count + 1),
  others: new Float64Array(count + 1),
});

/** The same, or a list of the same. */
function isSame(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (!Array.isArray(one) || !Array.isArray(other) || one.length !== other.length) return false;
  for (let i = 0; i < one.length; i++) if (one[i] !== other[i]) return false;
  return true;
}

type Parts<T, Context> = {
  /** What stands before each value, and after the last. */
  readonly before: readonly Uint8Array[];
  readonly end: Uint8Array;
  readonly of: readonly ((value: T, context: Context) => unknown)[];
  readonly write: readonly ((out: JsonWriter, of: unknown) => void)[];
};

const writeValue = (out: JsonWriter, value: unknown): void => out.value(value as Json);

function partsOf<T, Context>(fields: Fields<T, Context>): Parts<T, Context> {
  const before: Uint8Array[] = [];
  const of: Parts<T, Context>["of"][number][] = [];
  const write: Parts<T, Context>["write"][number][] = [];
  let same = "";
  const then = (one: (typeof of)[number], other: (typeof write)[number]): void => {
    before.push(Buffer.from(same));
    of.push(one);
    write.push(other);
    same = "";
  };
  const add = (field: Fields<T, Context>[string]): void => {
    if (field instanceof Written) then(field.of, field.write);
    else if (typeof field === "function") then(field, writeValue);
    else if (typeof field === "object" && field !== null && !Array.isArray(field)) {
      const inner = Object.entries(field as Fields<T, Context>);
      for (const [index, [key, value]] of inner.entries()) {
        same += `${index === 0 ? "{" : ","}${JSON.stringify(key)}:`;
        add(value);
      }
      same += inner.length === 0 ? "{}" : "}";
    } else same += JSON.stringify(field);
  };
  add(fields);
  return { before, of, write, end: Buffer.from(same) };
}

/** A list of entries. */
export function each<T, Item, Context>(
  itemsOf: (value: T, context: Context) => readonly Item[],
  fields: Fields<Item, undefined>,
): Written<T, Context> {
  const write = entryWriter(fields);
  return written(itemsOf, (out, items) => out.list(items, (item) => write(out, item, undefined)));
}
