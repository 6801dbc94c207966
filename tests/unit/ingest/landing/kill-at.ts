import { spawn } from "node:child_process";
import { argumentsFor } from "../../../support/script.ts";

/** Runs a script until it says a line, then kills it as a power cut would. Throws when it ends by itself. */
export async function killAt(script: string, words: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, [...argumentsFor(script), ...words], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const gone = new Promise<void>((resolve) => void child.once("exit", () => resolve()));
  const said = await new Promise<string>((resolve) => {
    child.stdout.once("data", (chunk) => resolve(String(chunk)));
    child.once("exit", () => resolve(""));
  });
  child.kill("SIGKILL");
  await gone;
  if (said !== "now\n") throw new Error(`the process ended before its moment: ${said}`);
}
