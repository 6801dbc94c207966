import type { IncomingMessage } from "node:http";
import * as z from "zod";
import { StatloomError } from "../../base/errors.ts";

/** A request that cannot be fulfilled, and the answer to it. */
export class RefusedRequest extends StatloomError {
  override readonly name = "RefusedRequest";
  readonly code: string;
  readonly status: number;
  readonly hint: string | undefined;
  constructor(status: number, code: string, message: string, hint?: string) {
    super(message);
    this.status = status;
    this.code = code;
    this.hint = hint;
  }
}

const names = z.array(z.string().min(1).max(1000)).max(1000).default([]);

const schema = z.strictObject({
  command: z.enum(["build", "run", "test", "seed", "snapshot"]).default("build"),
  select: names,
  exclude: names,
  selector: z.string().optional(),
  changed: z.boolean().default(false),
  full_refresh: z.boolean().default(false),
  fail_fast: z.boolean().default(false),
  threads: z.int().min(1).max(64).optional(),
  /** Seconds to wait for a warehouse that another process holds. */
  lock_timeout: z.number().min(0).max(3600).default(60),
  /** The run goes on when whoever started it stops listening, unless this says otherwise. */
  stop_on_disconnect: z.boolean().default(false),
});

/** The body of `POST /api/runs`: what the options of `models build` say, in their words. */
export type RunRequest = z.infer<typeof schema>;

const MOST = 65_536;

/** Reads and checks the body; everything that is wrong with it is told at once. */
export async function readRunRequest(request: IncomingMessage): Promise<RunRequest> {
  const type = request.headers["content-type"]?.split(";")[0]?.trim().toLowerCase();
  if (type !== "application/json")
    throw new RefusedRequest(
      415,
      "BODY_TYPE",
      `the body is ${type ?? "of no type"}`,
      "send application/json",
    );
  const text = await readBody(request);
  let value: unknown;
  try {
    value = JSON.parse(text === "" ? "{}" : text);
  } catch (error) {
    throw new RefusedRequest(400, "BODY_INVALID", `the body is no JSON: ${(error as Error).message}`);
  }
  const { data, error } = schema.safeParse(value);
  if (data) return data;
  const found = error.issues.map(({ path, message }) =>
    path.length > 0 ? `"${path.join(".")}": ${message}` : message,
  );
  throw new RefusedRequest(
    400,
    "BODY_INVALID",
    found.join("; "),
    `known: ${Object.keys(schema.shape).join(", ")}`,
  );
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MOST) throw new RefusedRequest(413, "BODY_LARGE", `the body is longer than ${MOST} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
