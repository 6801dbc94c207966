import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Cell, Session } from "../../../runner/adapters/adapter.ts";
import type { ContractCase } from "../adapter-contract.ts";

type Loaded = {
  readonly columns: readonly string[];
  readonly types: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
};

/** Loads a CSV text and gives back what is in the table. */
async function load(
  session: Session,
  text: string | Buffer,
  { delimiter = ",", columnTypes = {}, file = "data.csv" } = {},
): Promise<Loaded> {
  const folder = mkdtempSync(join(tmpdir(), "statloom-csv-"));
  const target = { database: null, schema: "main", identifier: "seed" };
  try {
    writeFileSync(join(folder, file), text);
    await session.run("create schema if not exists main");
    const count = await session.loadCsv(target, { path: join(folder, file), delimiter, columnTypes });
    const { columns, rows } = await session.query("select * from main.seed");
    assert.equal(count, rows.length);
    return {
      columns: columns.map(({ name }) => name),
      types: columns.map(({ type }) => type.toLowerCase()),
      rows,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
    await session.run("drop table if exists main.seed");
  }
}

export const csvCases: readonly ContractCase[] = [
  {
    title: "types are inferred over all rows",
    async body(session, { dialect }) {
      const filler = "1,1.5,2024-01-01,2024-01-01 10:00:00,true,x,1\n".repeat(30_000);
      const text = `i,d,day,moment,flag,word,late\n${filler}2,-2,2024-12-31,2024-01-01T10:00:00.5,false,y,late\n`;
      const { types, rows } = await load(session, text);
      const expected = ["bigint", "double", "date", "timestamp", "boolean", "text", "text"] as const;
      assert.deepEqual(
        types,
        expected.map((type) => dialect.type(type)),
      );
      assert.deepEqual(rows.at(-1), ["2", -2, "2024-12-31", "2024-01-01 10:00:00.5", false, "y", "late"]);
    },
  },
  {
    title: "empty cells leave a column the type of its values, and one of empty cells alone is text",
    async body(session, { dialect }) {
      const text = "i,d,day,moment,flag,none\n1,,2024-01-01,,true,\n,1.5,,2024-01-01 10:00,,\n";
      const { types, rows } = await load(session, text);
      const expected = ["bigint", "double", "date", "timestamp", "boolean", "text"] as const;
      assert.deepEqual(
        types,
        expected.map((type) => dialect.type(type)),
      );
      assert.deepEqual(rows[0], ["1", null, "2024-01-01", null, true, null]);
    },
  },
  {
    title:
      "codes stay text: leading zeros, letters that could be booleans, days that could be months, long numbers",
    async body(session, { dialect }) {
      const text =
        "zero,sex,yes,day,long,code,gap\n007,T,yes,01/02/2024,12345678901234567890,1E5,\n010,F,no,03/04/2024,2,2E3,\n";
      const { types, rows } = await load(session, text);
      assert.deepEqual(new Set(types), new Set([dialect.type("text")]));
      assert.deepEqual(rows[0], ["007", "T", "yes", "01/02/2024", "12345678901234567890", "1E5", null]);
    },
  },
  {
    title: "a date that no calendar has is text",
    async body(session) {
      assert.deepEqual((await load(session, "d\n2023-02-29\n")).rows, [["2023-02-29"]]);
    },
  },
  {
    title: "declared types are obeyed, whatever the case of the name",
    async body(session, { dialect }) {
      const columnTypes = { Code: dialect.type("text"), n: "decimal(10,2)" };
      const { rows } = await load(session, "code,n,other\n007,1.5,1\n", { columnTypes });
      assert.deepEqual(rows, [["007", "1.50", "1"]]);
    },
  },
  {
    title: "a declared type that a value does not fit is an error with its line",
    async body(session) {
      const columnTypes = { a: "integer" };
      await assert.rejects(
        load(session, "a,b\n1,2\nx,3\n", { columnTypes }),
        /data\.csv[\s\S]*\b3\b[\s\S]*x/,
      );
      assert.deepEqual(await session.listRelations("main"), new Map());
    },
  },
  {
    title: "the line of a mistake is that of the file, empty lines at its start counted",
    async body(session) {
      for (const text of ["a,b\n1,2\n1,2,3\n", "\n\na,b\n1,2\n1,2,3\n"]) {
        const line = text.split("\n").length - 1;
        await assert.rejects(load(session, text), (error) => {
          assert.equal((error as { line?: number }).line, line);
          return true;
        });
      }
    },
  },
  {
    title: "a declared column that the file lacks is named, with the nearest",
    async body(session) {
      await assert.rejects(load(session, "code,name\n1,2\n", { columnTypes: { coed: "text" } }), (error) => {
        assert.match(String(error), /column_types names "coed", which data\.csv does not have/);
        assert.match((error as { hint: string }).hint, /did you mean "code"/);
        return true;
      });
    },
  },
  {
    title: "quotes, delimiters, newlines and comments inside values are values",
    async body(session) {
      const text = 'a,b\n"1,5","say ""hi"""\n"two\nlines","x\r\ny"\n#no comment,"\'; drop table t; --"\n';
      const { rows } = await load(session, text);
      assert.deepEqual(rows, [
        ["1,5", 'say "hi"'],
        ["two\nlines", "x\r\ny"],
        ["#no comment", "'; drop table t; --"],
      ]);
    },
  },
  {
    title: "a line of a backslash and a dot is a value, and no end of the file",
    async body(session) {
      const { rows } = await load(session, 'v\n\\.\n"\\."\na\n"x\n\\.\n"\nb');
      assert.deepEqual(rows, [["\\."], ["\\."], ["a"], ["x\n\\.\n"], ["b"]]);
    },
  },
  {
    title: "empty cells are null, spaces are not",
    async body(session) {
      assert.deepEqual((await load(session, 'a,b,c\n,"", \nNULL,null,x\n')).rows, [
        [null, null, " "],
        ["NULL", "null", "x"],
      ]);
    },
  },
  {
    title: "other delimiters: semicolon, tab, pipe",
    async body(session) {
      for (const delimiter of [";", "\t", "|"]) {
        const { columns, rows } = await load(session, `a${delimiter}b,c\nx${delimiter}y,z\n`, { delimiter });
        assert.deepEqual([columns, rows], [["a", "b,c"], [["x", "y,z"]]]);
      }
    },
  },
  {
    title: "odd names in the header stand for themselves",
    async body(session) {
      const text = '"a ""b"" c","x\ny",select,{{ this }},é,1,"it\'s; --"\n1,2,3,4,5,6,7\n';
      const { columns, rows } = await load(session, text);
      assert.deepEqual(columns, ['a "b" c', "x\ny", "select", "{{ this }}", "é", "1", "it's; --"]);
      assert.equal(rows.length, 1);
    },
  },
  {
    title:
      "a byte order mark, Windows line ends, empty lines at the start and no line end at the end do no harm",
    async body(session) {
      for (const text of ["\ufeffa,b\r\n1,2\r\n3,4", "\n\na,b\n1,2\n3,4\n"]) {
        const { columns, rows } = await load(session, text);
        assert.deepEqual(
          [columns, rows],
          [
            ["a", "b"],
            [
              ["1", "2"],
              ["3", "4"],
            ],
          ],
        );
      }
    },
  },
  {
    title: "a header without rows makes an empty table",
    async body(session) {
      for (const text of ["a,b", "a,b\n"]) {
        const { columns, rows } = await load(session, text);
        assert.deepEqual([columns, rows], [["a", "b"], []]);
      }
    },
  },
  {
    title: "files that cannot be seeds say why and leave no table",
    async body(session) {
      const wrong: readonly (readonly [string | Buffer, RegExp])[] = [
        ["", /first line of data\.csv is empty/],
        ["\n\n", /first line of data\.csv is empty/],
        ["a,,c\n1,2,3\n", /column 2 of data\.csv has no name/],
        ["a,b,A\n1,2,3\n", /data\.csv names "A" twice/],
        ["a,b\n1,2\n1,2,3\n", /data\.csv[\s\S]*\b3\b/],
        ["a,b\n1,2\n1\n", /data\.csv[\s\S]*\b3\b/],
        ['a,b\n1,"x\n2,3\n', /data\.csv[\s\S]*(quote|unterminated)/i],
        [Buffer.from("a,b\n1,\xe9\n", "latin1"), /data\.csv[\s\S]*utf-?8/i],
        [Buffer.from([0x50, 0x4b, 3, 4, 0, 0, 0xff, 0xfe]), /data\.csv/],
      ];
      for (const [text, message] of wrong) {
        await assert.rejects(load(session, text), message, JSON.stringify(String(text)));
        assert.deepEqual(await session.listRelations("main"), new Map());
      }
    },
  },
  {
    title: "a missing file is named",
    async body(session) {
      const target = { database: null, schema: "main", identifier: "seed" };
      const csv = { path: join(tmpdir(), "no such file.csv"), delimiter: ",", columnTypes: {} };
      await assert.rejects(session.loadCsv(target, csv), /no such file\.csv/);
    },
  },
  {
    title: "a path with wildcards, quotes and spaces is that one file",
    async body(session) {
      const { rows } = await load(session, "a\n1\n", { file: "it's [a]*?{b} é.csv" });
      assert.deepEqual(rows, [["1"]]);
    },
  },
];
