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

/** A field that is more than a value. */
export class Written<T, Context> {
  readonly write: Write<T, Context>;
  constructor(write: Write<T, Context>) {
    this.write = write;
  }
}

/** How entries of these fields are written, the keys in this order: what they have in common is spelt once, and copied. */
export function entryWriter<T, Context>(fields: Fields<T, Context>): Write<T, Context> {
  const before: Uint8Array[] = [];
  const writes: Write<T, Context>[] = [];
  let same = "";
  const then = (write: Write<T, Context>): void => {
    before.push(Buffer.from(same));
    writes.push(write);
    same = "";
  };
  const add = (field: Fields<T, Context>[string]): void => {
    if (field instanceof Written) then(field.write);
    else if (typeof field === "function") then((out, value, context) => out.value(field(value, context)));
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
  const end = Buffer.from(same);
  return (out, value, context) => {
    for (let i = 0; i < writes.length; i++) {
      out.raw(before[i]!);
      writes[i]!(out, value, context);
    }
    out.raw(end);
  };
}

/** A list of entries. */
export function each<T, Item, Context>(
  itemsOf: (value: T, context: Context) => readonly Item[],
  fields: Fields<Item, Context>,
): Written<T, Context> {
  const write = entryWriter(fields);
  return new Written((out, value, context) =>
    out.list(itemsOf(value, context), (item) => write(out, item, context)),
  );
}
