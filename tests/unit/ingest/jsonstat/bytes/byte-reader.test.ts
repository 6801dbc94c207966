import assert from "node:assert/strict";
import { test } from "node:test";
import { ByteReader, SENTINEL } from "../../../../../ingest/jsonstat/bytes/byte-reader.ts";
import { skipCarefully, skipFast } from "../../../../../ingest/jsonstat/bytes/skip.ts";
import { closeSource, lineAndColumn, openSource } from "../../../../../ingest/jsonstat/bytes/source-file.ts";
import { DocumentError } from "../../../../../ingest/jsonstat/document-error.ts";
import { documentFiles } from "../support/document-file.ts";

const files = documentFiles();

function withReader<T>(text: string, blockSize: number, use: (reader: ByteReader) => T): T {
  const file = openSource(files.write(text));
  try {
    return use(new ByteReader(file, 0, file.size, blockSize));
  } finally {
    closeSource(file);
  }
}

test("bytes come in order whatever the size of the blocks, then the end", () => {
  for (const blockSize of [1, 2, 5, 100]) {
    withReader("hello world", blockSize, (reader) => {
      let text = "";
      for (let byte = reader.take(); byte !== -1; byte = reader.take()) text += String.fromCharCode(byte);
      assert.equal(text, "hello world");
      assert.deepEqual([reader.offset, reader.peek(), reader.take()], [11, -1, -1]);
    });
  }
});

test("reading on keeps what is left, and the sentinel stands behind it", () => {
  withReader("abcdef", 4, (reader) => {
    reader.more();
    reader.at = 3;
    assert.equal(reader.more(), true);
    assert.equal(reader.bytes.toString("latin1", reader.at, reader.end), "def");
    assert.equal(reader.bytes[reader.end], SENTINEL);
    assert.equal(reader.offset, 3);
    assert.equal(reader.more(), false);
  });
});

test("lists are skipped to their end, texts and nesting included, and counted", () => {
  const cases: readonly (readonly [list: string, count: number])[] = [
    ["[]", 0],
    ["[ \n ]", 0],
    ["[1]", 1],
    ['[1,null,"],",[2,3],{"a":[4,5]}]', 5],
    ['{"0":"}\\"","1":{"x":1}}', 2],
    ['["\\\\"]', 1],
  ];
  for (const [list, count] of cases) {
    for (const blockSize of [1, 3, 100]) {
      withReader(`${list},"next"`, blockSize, (reader) => {
        reader.peek();
        assert.equal(skipCarefully(reader), count, list);
        assert.equal(reader.offset, list.length);
      });
    }
  }
});

test("a list of numbers is skipped fast", () => {
  for (const blockSize of [1, 3, 100]) {
    withReader('{"0":1,"12":2.5},"next"', blockSize, (reader) => {
      skipFast(reader);
      assert.equal(reader.offset, 16);
    });
  }
});

test("a list without an end is cut off", () => {
  for (const list of ['{"0":1', '["a', "[[1]", '["\\']) {
    assert.throws(() => withReader(list, 4, skipCarefully), DocumentError);
    assert.throws(() => withReader(list, 4, skipFast), DocumentError);
  }
});

test("lines and columns count from 1, columns in characters", () => {
  const file = openSource(files.write("ab\nåb\n\nx"));
  const places = [0, 2, 3, 5, 8].map((offset) => Object.values(lineAndColumn(file, offset)));
  closeSource(file);
  assert.deepEqual(places, [
    [1, 1],
    [1, 3],
    [2, 1],
    [2, 2],
    [4, 1],
  ]);
});
