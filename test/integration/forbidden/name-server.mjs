// A name server for tests, in the test's own network: A and AAAA from a table (RFC 1035, 4.1).
import { createSocket } from 'node:dgram';
import { isIPv4 } from 'node:net';

const TYPE_A = 1;
const TYPE_AAAA = 28;

/** An IPv6 address that ends in an IPv4 one, or an IPv4 address, as bytes. */
function toBytes(address) {
  const quad = address
    .slice(address.lastIndexOf(':') + 1)
    .split('.')
    .map(Number);
  if (isIPv4(address)) return Buffer.from(quad);
  return Buffer.from([...Array(10).fill(0), 0xff, 0xff, ...quad]);
}

function readName(query) {
  const labels = [];
  let at = 12;
  for (let length = query[at]; length > 0; length = query[at]) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.').toLowerCase(), end: at + 1 };
}

/** One resource record for the name of the question, which must not be remembered. */
function toRecord(address) {
  const data = toBytes(address);
  const head = Buffer.from([
    0xc0,
    12,
    0,
    isIPv4(address) ? TYPE_A : TYPE_AAAA,
    0,
    1,
    0,
    0,
    0,
    0,
    0,
    0,
  ]);
  head.writeUInt16BE(data.length, 10);
  return Buffer.concat([head, data]);
}

function answer(query, names) {
  const { name, end } = readName(query);
  const type = query.readUInt16BE(end);
  const steps = names[name];
  const addresses = steps?.[0] ?? [];
  if (steps?.length > 1 && type === TYPE_A) steps.push(steps.shift());
  const records = addresses
    .filter((address) => type === (isIPv4(address) ? TYPE_A : TYPE_AAAA))
    .map(toRecord);
  const head = Buffer.from(query.subarray(0, 12));
  head.writeUInt16BE(steps ? 0x8180 : 0x8183, 2);
  head.writeUInt16BE(records.length, 6);
  head.writeUInt32BE(0, 8);
  return Buffer.concat([head, query.subarray(12, end + 4), ...records]);
}

/** Starts it on port 53 of 127.0.0.1. */
export function startNameServer(names) {
  const socket = createSocket('udp4');
  socket.on('message', (query, { port, address }) => {
    socket.send(answer(query, names), port, address);
  });
  return new Promise((resolve) => socket.bind(53, '127.0.0.1', () => resolve(socket)));
}
