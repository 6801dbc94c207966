import { main } from "../../../../ingest/cli/main.ts";
import type { IngestEffects } from "../../../../ingest/cli/effects.ts";

export type Recorded = { readonly code: number; readonly out: string; readonly err: string };

export type Setting = {
  readonly cwd: string;
  readonly stdin?: string | Uint8Array;
  readonly env?: Record<string, string>;
  readonly signal?: AbortSignal;
  readonly now?: string;
  readonly modelsCommand?: readonly string[];
};

/** Runs `ingest` in this process and keeps what it prints. */
export async function ingest(words: readonly string[], setting: Setting): Promise<Recorded> {
  let out = "";
  let err = "";
  const effects: IngestEffects = {
    now: () => new Date(setting.now ?? "2025-05-01T10:20:30Z"),
    env: setting.env ?? {},
    cwd: setting.cwd,
    stdin: chunks(Buffer.from(setting.stdin ?? "")),
    signal: setting.signal ?? new AbortController().signal,
    sleep: async (_ms, signal) => signal?.throwIfAborted(),
    random: () => 0.5,
    modelsCommand: setting.modelsCommand ?? [],
    stdout: { write: (text) => void (out += text), isTerminal: false, width: 100 },
    stderr: { write: (text) => void (err += text), isTerminal: false, width: 100 },
  };
  const code = await main(words, effects);
  return { code, out, err };
}

/** A byte first, so that nothing may count on how input is cut. */
async function* chunks(bytes: Buffer): AsyncGenerator<Uint8Array> {
  if (bytes.length > 0) yield bytes.subarray(0, 1);
  for (let at = 1; at < bytes.length; at += 1000) yield bytes.subarray(at, at + 1000);
}

export type ToyOptions = {
  readonly updated?: string;
  readonly values?: readonly (number | string | null)[];
  readonly more?: object;
};

/** A small document as Eurostat sends them: 2 countries, 2 years. */
export const toy = ({
  updated = "2025-04-04T23:00:00+0200",
  values = [1, 2, 3, 4],
  more = {},
}: ToyOptions = {}): string =>
  JSON.stringify({
    version: "2.0",
    class: "dataset",
    label: "A toy",
    source: "ESTAT",
    updated,
    value: values,
    status: { "1": "p" },
    id: ["geo", "time"],
    size: [2, 2],
    dimension: {
      geo: {
        label: "Country",
        category: { index: { DE: 0, FR: 1 }, label: { DE: "Germany", FR: "France" } },
      },
      time: { label: "Time", category: { index: { "2023": 0, "2024": 1 } } },
    },
    extension: { id: "TOY_1", agencyId: "ESTAT" },
    ...more,
  });
