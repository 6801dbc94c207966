import assert from "node:assert/strict";
import { logEvents } from "../../runner/execute/log-events.ts";
import type { LogEvent, LogEventName } from "../../runner/execute/log-events.ts";

/** The lines of a log in JSON; fails where one is not what is documented. */
export const readLog = (text: string): LogEvent[] =>
  text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const read = JSON.parse(line) as LogEvent;
      const { event, at, ...facts } = read;
      assert.ok(event in logEvents, `"${event}" is not among the documented events`);
      assert.ok(!Number.isNaN(Date.parse(at)), line);
      const parsed = logEvents[event as LogEventName].facts.safeParse(facts);
      assert.deepEqual(parsed.error?.issues ?? [], [], line);
      return read;
    });
