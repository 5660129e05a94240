// A name server for tests: A and AAAA from a table (RFC 1035, 4.1).
import { createSocket } from 'node:dgram';
import { isIPv4 } from 'node:net';

const TYPE_A = 1;
const TYPE_AAAA = 28;
const NXDOMAIN = 3;

/** An IPv6 address that ends in an IPv4 one, or an IPv4 address, as bytes. */
function toBytes(address) {
  const quad = address
    .slice(address.lastIndexOf(':') + 1)
    .split('.')
    .map(Number);
  if (isIPv4(address)) return Buffer.from(quad);
  return Buffer.from([...Array(10).fill(0), 0xff, 0xff, ...quad]);
}

function readQuestion(query) {
  const labels = [];
  let at = 12;
  for (let length = query[at]; length > 0; length = query[at]) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  const type = query.readUInt16BE(at + 1) === TYPE_AAAA ? 'AAAA' : 'A';
  return { name: labels.join('.').toLowerCase(), type, end: at + 5 };
}

const familyOf = (address) => (isIPv4(address) ? 'A' : 'AAAA');

/** One resource record for the name of the question. */
function toRecord(address, ttl) {
  const data = toBytes(address);
  const head = Buffer.alloc(12);
  head.writeUInt16BE(0xc00c, 0);
  head.writeUInt16BE(isIPv4(address) ? TYPE_A : TYPE_AAAA, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt32BE(ttl, 6);
  head.writeUInt16BE(data.length, 10);
  return Buffer.concat([head, data]);
}

function answer(query, { type, end }, entry) {
  const { ttl = 0, rcode = 0 } = entry ?? { rcode: NXDOMAIN };
  const steps = entry?.steps ?? [[]];
  const records = steps[0]
    .filter((address) => type === familyOf(address))
    .map((address) => toRecord(address, ttl));
  if (steps.length > 1 && type === 'A') steps.push(steps.shift());
  const head = Buffer.from(query.subarray(0, 12));
  head.writeUInt16BE(0x8180 | rcode, 2);
  head.writeUInt16BE(records.length, 6);
  head.writeUInt32BE(0, 8);
  return Buffer.concat([head, query.subarray(12, end), ...records]);
}

/**
 * Starts a name server on 127.0.0.1. The table holds `{ steps, ttl, rcode, silent }` by name: the
 * addresses of each answer in turn, their TTL in seconds, the status, and the types that are never
 * answered. A name that is not in it does not exist.
 */
export async function startNameServer(names, port = 53) {
  const socket = createSocket('udp4');
  const asked = [];
  socket.on('message', (query, from) => {
    const question = readQuestion(query);
    asked.push(`${question.type} ${question.name}`);
    const entry = names[question.name];
    if (entry?.silent?.includes(question.type)) return;
    socket.send(answer(query, question, entry), from.port, from.address);
  });
  await new Promise((resolve) => socket.bind(port, '127.0.0.1', resolve));
  return { asked, port: socket.address().port, close: () => socket.close() };
}
