import type { RefCall, References, SourceCall } from "../graph/types.ts";
import { escaped, jsonOf, quotedOrNull } from "./json-text.ts";

/** `refs` and `sources` of an entry: what its templates ask for, as they say it. */
export function referencesJson({ refs, sources }: References): string {
  let json = '"refs":[';
  for (let i = 0; i < refs.length; i++) json += `${i === 0 ? "" : ","}${refJson(refs[i]!)}`;
  if (sources.length === 0) return `${json}],"sources":[]`;
  json += '],"sources":[';
  for (let i = 0; i < sources.length; i++) json += `${i === 0 ? "" : ","}${sourceJson(sources[i]!)}`;
  return `${json}]`;
}

const refJson = ({ name, package: of, version }: RefCall): string =>
  of === null && version === null
    ? `{"name":"${escaped(name)}","package":null,"version":null}`
    : `{"name":"${escaped(name)}","package":${quotedOrNull(of)},"version":${jsonOf(version)}}`;

const sourceJson = ({ source, table }: SourceCall): string => `["${escaped(source)}","${escaped(table)}"]`;
