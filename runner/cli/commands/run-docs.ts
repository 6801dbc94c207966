import { existsSync } from "node:fs";
import { join } from "node:path";
import { generateDocs } from "../../api/generate-docs.ts";
import { UsageError } from "../../base/errors.ts";
import { resolveInside } from "../../base/files.ts";
import { rememberSecret } from "../../base/secrets.ts";
import { serve } from "../../docs/serve/serve.ts";
import { withDotEnv } from "../../project/dot-env.ts";
import { findProject } from "../../project/find-project.ts";
import { warn } from "../print/warn.ts";
import type { CommandContext } from "../command.ts";
import { openFrom, openOptions } from "../open.ts";
import type { GenerateArgs } from "./docs-generate.ts";
import type { ServeArgs } from "./docs-serve.ts";

export async function runDocsGenerate(args: GenerateArgs, { effects, disk }: CommandContext): Promise<0> {
  const page = await generateDocs(await openFrom(args, effects, disk), {
    profile: args.profile,
    explore:
      args.explore && args.profile
        ? {
            select: args["explore-select"],
            rows: args["explore-rows"],
            megabytes: args["explore-megabytes"],
          }
        : null,
    onWarning: (message) => warn(effects, [{ code: "DOCS_INCOMPLETE", message }], args),
  });
  if (!args.quiet) effects.stdout.write(`wrote ${page}\nopen it in a browser, or: models docs serve\n`);
  return 0;
}

/** Serves until it is stopped; a run that was started through it is stopped first. */
export async function runDocsServe(args: ServeArgs, { effects, signal }: CommandContext): Promise<0> {
  const root = findProject(effects.cwd, args["project-dir"]);
  const target = resolveInside(root, args["target-path"] ?? "target");
  const folder = target === undefined ? undefined : join(target, "docs");
  if (target === undefined || folder === undefined || !existsSync(folder)) {
    throw new UsageError("DOCS_MISSING", "there is no site yet", "write it first: models docs generate");
  }
  const token = tokenOf(args.token ?? withDotEnv(root, effects.env)["STATLOOM_DOCS_TOKEN"], args.api);
  const api = args.api
    ? (await import("../../api/serve/api-routes.ts")).createApi(openOptions(args), effects, target)
    : null;
  const { host, port } = args;
  const served = await serve(folder, {
    port,
    host,
    hostNames: args["host-name"],
    token,
    routes: api?.routes,
  });
  const isOpen = token === undefined && !isLoopback(host);
  if (isOpen) effects.stderr.write("whoever reaches this address sees the site: --token asks for one\n");
  const shown = token === undefined ? served.url : `${served.url}?token=…`;
  effects.stdout.write(`serving ${shown}  (Ctrl-C stops)\n`);
  await new Promise<void>((resolve) => {
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
  await api?.close();
  await served.close();
  return 0;
}

const isLoopback = (host: string): boolean =>
  host === "localhost" || host === "::1" || host.startsWith("127.");

/** Long enough not to be guessed at the speed of a network. */
const SHORTEST_TOKEN = 16;

function tokenOf(given: string | undefined, isNeeded: boolean): string | undefined {
  const token = given === "" ? undefined : given;
  if (token === undefined && isNeeded)
    throw new UsageError(
      "TOKEN_MISSING",
      "--api starts runs, and asks for a token",
      'put one into STATLOOM_DOCS_TOKEN: export STATLOOM_DOCS_TOKEN="$(openssl rand -hex 24)"',
    );
  if (token !== undefined && !/^[\w.~+/=-]+$/.test(token))
    throw new UsageError(
      "TOKEN_INVALID",
      "the token has a character that no header can hold",
      "letters, digits and .~+/=_- alone",
    );
  if (token !== undefined && token.length < SHORTEST_TOKEN)
    throw new UsageError(
      "TOKEN_INVALID",
      `a token of ${token.length} characters can be guessed`,
      `${SHORTEST_TOKEN} at least: openssl rand -hex 24`,
    );
  if (token !== undefined) rememberSecret(token);
  return token;
}
