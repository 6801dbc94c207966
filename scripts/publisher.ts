/** `npm run publisher`: publishers on this machine, to try everything without a network. See tests/support/publisher. */
import { parseArgs } from "node:util";
import { FAULTS } from "../tests/support/publisher/faults.ts";
import type { Fault } from "../tests/support/publisher/faults.ts";
import { startPublisher } from "../tests/support/publisher/start.ts";

const { values } = parseArgs({
  options: {
    port: { type: "string", default: "8787" },
    fault: { type: "string", default: "" },
    share: { type: "string", default: "0.3" },
    help: { type: "boolean", default: false },
  },
});
const faults =
  values.fault === "all" ? Object.keys(FAULTS) : values.fault.split(",").filter((name) => name !== "");
const unknown = faults.filter((name) => !Object.hasOwn(FAULTS, name));
const list = Object.entries(FAULTS).map(([name, what]) => `  ${name.padEnd(15)} ${what}`);
if (values.help || unknown.length > 0) {
  process.stdout.write(
    `npm run publisher -- [--port 8787] [--fault reset,429 | all] [--share 0.3]\n\nFaults, each met by that share of the questions:\n${list.join("\n")}\n`,
  );
  process.exit(unknown.length > 0 ? 2 : 0);
}
const share = Number(values.share);
const publisher = await startPublisher({
  port: Number(values.port),
  fault: () =>
    faults.length > 0 && Math.random() < share
      ? (faults[Math.floor(Math.random() * faults.length)] as Fault)
      : undefined,
});
const variables = Object.entries(publisher.env).map(([name, value]) => `  export ${name}=${value}`);
process.stdout.write(
  `Publishers on ${publisher.url}. In another terminal:\n${variables.join("\n")}\n  npx ingest sync\n\nThe next edition of a dataset comes out with:\n  curl -X POST ${publisher.url}/_next/hlth_silc_13\n`,
);
