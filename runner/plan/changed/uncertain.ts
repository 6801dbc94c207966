/** Functions that give something else each time, with and without parentheses; and those that read what is no node and no source. */
const BARE = words("current_timestamp current_date current_time localtime localtimestamp");
const CALLS = words(
  `now today get_current_timestamp get_current_time transaction_timestamp statement_timestamp clock_timestamp timeofday
  random setseed uuid uuidv4 uuidv7 gen_random_uuid nextval currval txid_current pg_current_xact_id getvariable current_setting`,
);
const READS = words(
  `read_parquet parquet_scan read_csv read_csv_auto read_json read_json_auto read_json_objects read_ndjson read_ndjson_auto read_ndjson_objects
  read_text read_blob glob sniff_csv postgres_scan postgres_query sqlite_scan mysql_scan mysql_query iceberg_scan delta_scan st_read read_xlsx dblink`,
);

function words(list: string): ReadonlySet<string> {
  return new Set(list.split(/\s+/));
}

/** Why the same SQL may give other rows although nothing it is known to read has changed: `now()`, a file; null: it may not. */
export function uncertainty(tokens: readonly string[]): string | null {
  for (let i = 0; i < tokens.length; i++) {
    const word = tokens[i]!.toLowerCase();
    const [before, after] = [tokens[i - 1]?.toLowerCase(), tokens[i + 1]];
    if (before === ".") continue;
    if (BARE.has(word)) return word;
    if (after === "(" && CALLS.has(word)) return `${word}()`;
    if (after === "(" && READS.has(word) && !tokens[i + 3]?.startsWith(LANDED))
      return `${word}(), a file that is no source`;
    if (before === "using" && word === "sample") return "using sample";
    if (word === "tablesample") return "tablesample";
    if (before === "from" || before === "join") {
      if (word.startsWith("'")) return `${tokens[i]!}, a file that is no source`;
      if ((word === "meta" || word === '"meta"') && after === ".") return "the history of runs (meta)";
    }
  }
  return null;
}

/** What stands in the place of the path of a landed dataset: `'landing:eurostat/demo_pjan'`. */
export const LANDED = "'landing:";
