import { spawnSync } from "node:child_process";
import { chromium } from "playwright-core";

const program = ["chromium", "chromium-browser", "google-chrome"].find(
  (name) => spawnSync(name, ["--version"], { stdio: "ignore" }).status === 0,
);
const executable = program && spawnSync("which", [program], { encoding: "utf8" }).stdout.trim();

/** Reason to skip a test that needs a real browser, or false when there is one. */
export const withoutBrowser: string | false = program === undefined ? "no chromium in the PATH" : false;
// Where everything must be tested, a browser that is missing is a failure.
if (withoutBrowser !== false && process.env["STATLOOM_TEST_BROWSER_REQUIRED"])
  throw new Error(withoutBrowser);

/** A page of the headless Chromium of this machine. */
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

/** What nobody has to look at: a browser notes of a worker which wrong queries it was asked. */
const isNote = (kind: string): boolean => !["error", "warning", "assert"].includes(kind);

export async function openBrowser(): Promise<Page> {
  const browser = await chromium.launch({
    executablePath: executable!,
    chromiumSandbox: false,
    args: ["--disable-gpu"],
  });
  const page = await browser.newPage();
  const devtools = await page.context().newCDPSession(page);
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => {
    if (!isNote(message.type()))
      complaints.push(`${message.type()} ${message.text()} ${message.location().url}`);
  });
  return {
    complaints,
    resize: (size) => page.setViewportSize(size),
    async open(url, size = { width: 1440, height: 900 }) {
      await page.setViewportSize(size);
      // By way of a blank page: a new fragment alone would load nothing.
      for (const each of ["about:blank", url]) await page.goto(each);
    },
    // Not page.evaluate, which the site's security policy stops, as it should: that is eval.
    async evaluate(expression) {
      const { result, exceptionDetails } = await devtools.send("Runtime.evaluate", {
        expression,
        returnByValue: true,
        awaitPromise: true,
      });
      if (exceptionDetails) throw new Error(JSON.stringify(exceptionDetails));
      return result.value as unknown;
    },
    press: (name) => page.keyboard.press(name),
    type: (text) => page.keyboard.insertText(text),
    async mouse(first, ...others) {
      await page.mouse.move(...first!);
      await page.mouse.down();
      for (const point of others) await page.mouse.move(...point);
      await page.mouse.up();
    },
    async screenshot(as) {
      const { data } = await devtools.send("Page.captureScreenshot", as ?? { format: "png" });
      return Buffer.from(data, "base64");
    },
    [Symbol.asyncDispose]: () => browser.close(),
  };
}
