import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { setTimeout } from "node:timers/promises";

const program = ["chromium", "chromium-browser", "google-chrome"].find(
  (name) => spawnSync(name, ["--version"], { stdio: "ignore" }).status === 0,
);

/** Reason to skip a test that needs a real browser, or false when there is one. */
export const withoutBrowser: string | false = program === undefined ? "no chromium in the PATH" : false;
// Where everything must be tested, a browser that is missing is a failure.
if (withoutBrowser !== false && process.env["STATLOOM_TEST_BROWSER_REQUIRED"])
  throw new Error(withoutBrowser);

/** A page of a headless Chromium, driven over its debugging pipe. */
export type Page = AsyncDisposable & {
  /** What the console and the security policy complained about so far. */
  readonly complaints: readonly string[];
  /** Opens an address and waits until it has loaded. */
  open(url: string, size?: { width: number; height: number }): Promise<void>;
  /** Makes the window another size; the page stays. */
  resize(size: { width: number; height: number }): Promise<void>;
  /** The JSON value of an expression in the page; a promise is awaited. */
  evaluate(expression: string): Promise<unknown>;
  press(key: string): Promise<void>;
  type(text: string): Promise<void>;
  /** Presses the mouse at the first point, moves over the others, and lets go. */
  mouse(...points: readonly (readonly [x: number, y: number])[]): Promise<void>;
  /** A picture of what is in sight, a PNG unless told. */
  screenshot(as?: { readonly format: "webp"; readonly quality: number }): Promise<Buffer>;
};

const keyCodes: Readonly<Record<string, number>> = {
  Tab: 9,
  Enter: 13,
  Escape: 27,
  ArrowLeft: 37,
  ArrowUp: 38,
  ArrowRight: 39,
  ArrowDown: 40,
};

type Message = {
  id?: number;
  method?: string;
  result?: Record<string, unknown>;
  error?: unknown;
  params?: unknown;
};

export async function openBrowser(): Promise<Page> {
  const profile = mkdtempSync(join(tmpdir(), "statloom-browser-"));
  const flags = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--hide-scrollbars"];
  const quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync"];
  const child = spawn(
    program!,
    [...flags, ...quiet, "--remote-debugging-pipe", `--user-data-dir=${profile}`, "about:blank"],
    { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] },
  );
  const exited = new Promise((resolve) => child.once("exit", resolve));
  const complaints: string[] = [];
  const waiting = new Map<
    number,
    { resolve: (result: Record<string, unknown>) => void; reject: (error: Error) => void }
  >();
  const loaded = new Set<unknown>();
  let onLoad: [loaderId: unknown, resolve: () => void] = [null, () => {}];
  let session: string | undefined;
  let count = 0;

  const receive = (message: Message): void => {
    if (message.id !== undefined) {
      const { resolve, reject } = waiting.get(message.id)!;
      waiting.delete(message.id);
      if (message.error) reject(new Error(JSON.stringify(message.error)));
      else resolve(message.result ?? {});
    } else if (message.method === "Page.lifecycleEvent") {
      const { name, loaderId } = message.params as { name: string; loaderId: string };
      if (name !== "load") return;
      loaded.add(loaderId);
      if (loaderId === onLoad[0]) onLoad[1]();
    } else if (message.method === "Runtime.exceptionThrown" || message.method === "Log.entryAdded") {
      complaints.push(JSON.stringify(message.params));
    }
  };
  let rest = "";
  (child.stdio[4] as Readable).setEncoding("utf8").on("data", (chunk: string) => {
    const parts = (rest + chunk).split("\0");
    rest = parts.pop()!;
    for (const part of parts) receive(JSON.parse(part) as Message);
  });
  const send = (method: string, params: object = {}): Promise<Record<string, unknown>> =>
    new Promise((resolve, reject) => {
      const id = ++count;
      waiting.set(id, { resolve, reject });
      (child.stdio[3] as Writable).write(`${JSON.stringify({ id, method, params, sessionId: session })}\0`);
    });

  const { targetInfos } = (await send("Target.getTargets")) as {
    targetInfos: { targetId: string; type: string }[];
  };
  const { targetId } = targetInfos.find(({ type }) => type === "page")!;
  session = (await send("Target.attachToTarget", { targetId, flatten: true }))["sessionId"] as string;
  for (const domain of ["Page", "Runtime", "Log"]) await send(`${domain}.enable`);
  await send("Page.setLifecycleEventsEnabled", { enabled: true });

  const key = (name: string, type: string) => {
    const text = name === "Enter" ? "\r" : name.length === 1 ? name : undefined;
    return send("Input.dispatchKeyEvent", {
      type,
      key: name,
      code: name,
      windowsVirtualKeyCode: keyCodes[name] ?? 0,
      ...(text !== undefined && { text }),
    });
  };
  const pointer = (type: string, [x, y]: readonly [number, number], buttons: number) =>
    send("Input.dispatchMouseEvent", { type, x, y, button: "left", buttons, clickCount: 1 });

  const resize = async (size: { width: number; height: number }): Promise<void> => {
    await send("Emulation.setDeviceMetricsOverride", { ...size, deviceScaleFactor: 1, mobile: false });
  };
  return {
    complaints,
    resize,
    async open(url, size = { width: 1440, height: 900 }) {
      await resize(size);
      for (const each of ["about:blank", url]) {
        const { loaderId } = await send("Page.navigate", { url: each });
        if (!loaded.has(loaderId)) await new Promise<void>((resolve) => void (onLoad = [loaderId, resolve]));
        // by way of a blank page: a new fragment alone would load nothing
      }
    },
    async evaluate(expression) {
      const answer = await send("Runtime.evaluate", { expression, returnByValue: true, awaitPromise: true });
      if (answer["exceptionDetails"]) throw new Error(JSON.stringify(answer["exceptionDetails"]));
      return (answer["result"] as { value?: unknown }).value;
    },
    async press(name) {
      await key(name, name.length === 1 || name === "Enter" ? "keyDown" : "rawKeyDown");
      await key(name, "keyUp");
    },
    async type(text) {
      await send("Input.insertText", { text });
    },
    async mouse(first, ...others) {
      await pointer("mouseMoved", first!, 0);
      await pointer("mousePressed", first!, 1);
      for (const point of others) await pointer("mouseMoved", point, 1);
      await pointer("mouseReleased", others.at(-1) ?? first!, 0);
    },
    async screenshot(as) {
      const { data } = await send("Page.captureScreenshot", as ?? { format: "png" });
      return Buffer.from(data as string, "base64");
    },
    async [Symbol.asyncDispose]() {
      session = undefined;
      await send("Browser.close");
      await exited;
      // helpers may still be writing to the profile for a moment
      for (let tries = 0; tries < 40 && existsSync(profile); tries++) {
        await rm(profile, { recursive: true, force: true }).catch(() => {});
        await setTimeout(50);
      }
    },
  };
}
