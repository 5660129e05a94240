/** A chunk of RIFF, padded to an even length. */
export function chunk(type: string, ...contents: Uint8Array[]): Buffer {
  const body = Buffer.concat(contents);
  const header = Buffer.alloc(8);
  header.write(type, 'latin1');
  header.writeUInt32LE(body.length, 4);
  return Buffer.concat([header, body, Buffer.alloc(body.length & 1)]);
}

/** A list of chunks. */
export function list(type: string, ...chunks: Uint8Array[]): Buffer {
  return chunk('LIST', Buffer.from(type, 'latin1'), ...chunks);
}
