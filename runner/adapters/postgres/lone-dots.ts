const [QUOTE, BACKSLASH, DOT, NEWLINE, RETURN] = Buffer.from('"\\.\n\r');

/**
 * CSV in which no record is `\.`: before 18 a server takes that for the end of the data, and what comes after it for nothing. In quotes it
 * is the same value. https://www.postgresql.org/docs/17/sql-copy.html#SQL-COPY-CSV-FORMAT
 */
export async function* quoteLoneDots(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let isQuoted = false;
  let isStart = true;
  /** Bytes of a record that may yet be it. */
  let held: readonly number[] = [];
  const alone = Buffer.from('"\\."');
  for await (const chunk of chunks) {
    if (held.length === 0 && chunk.length > 0 && !chunk.includes(BACKSLASH!)) {
      // Nearly always: only what the next chunk begins in is to be known.
      for (let at = chunk.indexOf(QUOTE!); at >= 0; at = chunk.indexOf(QUOTE!, at + 1)) isQuoted = !isQuoted;
      isStart = !isQuoted && (chunk.at(-1) === NEWLINE || chunk.at(-1) === RETURN);
      yield chunk;
      continue;
    }
    const made: Uint8Array[] = [];
    let from = 0;
    for (const [i, byte] of chunk.entries()) {
      if (held.length > 0 || (isStart && byte === BACKSLASH)) {
        // What is held is in no chunk: it goes out when it is known what it is.
        if (held.length === 0) made.push(chunk.subarray(from, i));
        from = i;
        const isEnd = byte === NEWLINE || byte === RETURN;
        if (held.length === 2 && isEnd) made.push(alone);
        else if (held.length < 2 && byte === [BACKSLASH, DOT][held.length]) {
          held = [...held, byte];
          from = i + 1;
          isStart = false;
          continue;
        } else made.push(Uint8Array.from(held));
        held = [];
      }
      if (byte === QUOTE) isQuoted = !isQuoted;
      isStart = !isQuoted && (byte === NEWLINE || byte === RETURN);
    }
    made.push(chunk.subarray(from));
    yield Buffer.concat(made);
  }
  if (held.length > 0) yield held.length === 2 ? alone : Uint8Array.from(held);
}
