/** Runs in a thread of its own: lands pieces of a JSON-stat document. */
import { serveThread } from "../../landing/lanes/serve-thread.ts";

serveThread(async (recipe) => (await import("./remote-lane.ts")).laneOf(recipe));
