import { sha256 } from "../../base/hash.ts";

type Env = Readonly<Record<string, string | undefined>>;

/** An environment that notes which of its variables somebody asks for. */
export type RecordedEnv = {
  readonly env: Env;
  /** undefined: all of them were asked for at once. */
  readonly asked: () => readonly string[] | undefined;
};

export function recordEnv(env: Env): RecordedEnv {
  const names = new Set<string>();
  let all = false;
  const note = (key: string | symbol): void => {
    if (typeof key === "string") names.add(key);
  };
  const recorded = new Proxy(env, {
    get(target, key) {
      note(key);
      return Reflect.get(target, key) as unknown;
    },
    has(target, key) {
      note(key);
      return Reflect.has(target, key);
    },
    getOwnPropertyDescriptor(target, key) {
      note(key);
      return Reflect.getOwnPropertyDescriptor(target, key);
    },
    ownKeys(target) {
      all = true;
      return Reflect.ownKeys(target);
    },
  });
  return { env: recorded, asked: () => (all ? undefined : [...names].toSorted()) };
}

/** Of the values of these variables; which of them are not set is a part of it. */
export const hashOfEnv = (env: Env, names: readonly string[]): string =>
  sha256(JSON.stringify(names.map((name) => (Object.hasOwn(env, name) ? (env[name] ?? null) : null))));
