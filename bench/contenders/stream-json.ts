/** stream-json as its documentation shows it, then a row writer: `stream-json <document> <rows.parquet>`. */
import { createReadStream } from "node:fs";
import { Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { DuckDBInstance } from "@duckdb/node-api";
import chain from "stream-chain";
import parser from "stream-json/parser.js";
import ignore from "stream-json/filters/ignore.js";
import pick from "stream-json/filters/pick.js";
import assembler from "stream-json/assembler.js";
import streamObject from "stream-json/streamers/stream-object.js";
