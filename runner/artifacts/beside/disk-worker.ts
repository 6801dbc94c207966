/** Runs in a thread of its own: reads what it is told to, then writes SQL until it is told that there is no more. */
import { parentPort } from "node:worker_threads";
import { stampsAhead, textsAhead } from "../../project/ahead/read-ahead.ts";
import type { ReadingAhead } from "../../project/ahead/read-ahead.ts";
import { SqlFolder } from "../sql-folder.ts";
import { filesIn } from "./batches.ts";
import type { Telling, Work } from "./messages.ts";

const port = parentPort!;
const tell = (telling: Telling, memory: ArrayBuffer[] = []): void => port.postMessage(telling, memory);

let folder: SqlFolder | undefined;
port.on("message", (work: Work) => {
  if (work === null) {
    folder!.save();
    tell({ written: true });
    port.close();
  } else if ("paths" in work) read(work);
  else if ("folder" in work) folder = new SqlFolder(work.folder);
  else for (const [file, bytes] of filesIn(work)) folder!.put(file, bytes);
});

function read(reading: ReadingAhead): void {
  try {
    const texts = textsAhead(reading);
    tell(
      { texts },
      texts.map(({ bytes }) => bytes.buffer),
    );
    const stamps = stampsAhead(reading);
    tell({ stamps }, stamps === null ? [] : [stamps.buffer]);
  } catch {
    // Whoever reads them himself tells what is wrong.
    tell({ texts: undefined, stamps: undefined });
  }
}
