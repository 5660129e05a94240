// Whether the time that a wrong URL takes tells what is wrong with it: encrypted source URLs and
// signatures that are wrong in different ways, read one after the other in each round.
//
//   node bench/oracle/oracle.mjs [--rounds=N]
//
// Prints each case's median, its ratio to the first of its table, and the noise: that ratio's range over
// twenty parts of the rounds, and what it is of a case that stands there twice.
import { createCipheriv, createHmac, randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { loadConfig } from '../../dist/config/load.js';
import { createUrlParser } from '../../dist/url/request.js';

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '40000' } } });
const ROUNDS = Number(values.rounds);
const PARTS = 20;

const encryptionKey = randomBytes(32);
const key = randomBytes(32);
const salt = randomBytes(32);

const encrypted = createUrlParser(
  loadConfig({ IMGPROXY_SOURCE_URL_ENCRYPTION_KEY: encryptionKey.toString('hex') }).config,
);
const signed = createUrlParser(
  loadConfig({ IMGPROXY_KEY: key.toString('hex'), IMGPROXY_SALT: salt.toString('hex') }).config,
);

/** Two blocks of plaintext, so that all cases but one are of one length. */
function encrypt(plaintext) {
  const iv = randomBytes(16);
  const cipher = createCipheriv('aes-256-cbc', encryptionKey, iv).setAutoPadding(false);
  return Buffer.concat([iv, cipher.update(plaintext), cipher.final()]);
}

const padded = (text, padding) =>
  Buffer.concat([Buffer.from(text, 'latin1'), Buffer.from(padding)]);
const enc = (bytes) => `/info/_/enc/${bytes.toString('base64url')}`;
const URL = 'http://example.com/photo.jpg';
const PATH = `/size:1/plain/${URL}`;
const signature = createHmac('sha256', key).update(salt).update(PATH).digest();
const changed = (...places) => {
  const copy = Buffer.from(signature);
  for (const at of places) copy[at] ^= 1;
  return `/info/${copy.toString('base64url')}${PATH}`;
};

/** New bytes each round: what is in the cache of one case must not be in another's. */
const TABLES = {
  'encrypted source URLs': [
    ['padding of 0', encrypted, () => enc(encrypt(padded('x'.repeat(31), [0])))],
    ['padding of 0, again', encrypted, () => enc(encrypt(padded('x'.repeat(31), [0])))],
    ['padding of 17', encrypted, () => enc(encrypt(padded('x'.repeat(31), [17])))],
    ['first byte of padding', encrypted, () => enc(encrypt(padded(URL, [0, 4, 4, 4])))],
    ['last byte of padding', encrypted, () => enc(encrypt(padded(URL, [4, 4, 4, 3])))],
    ['good padding of 1, noise', encrypted, () => enc(encrypt(padded('\xff'.repeat(31), [1])))],
    [
      'good padding of 4, no URL',
      encrypted,
      () => enc(encrypt(padded('x'.repeat(28), [4, 4, 4, 4]))),
    ],
    [
      'good padding, a control byte',
      encrypted,
      () => enc(encrypt(padded('http://example.com/photo.jp\n', [4, 4, 4, 4]))),
    ],
    ['a byte too few', encrypted, () => enc(randomBytes(47))],
  ],
  signatures: [
    ['first byte wrong', signed, () => changed(0)],
    ['first byte wrong, again', signed, () => changed(0)],
    ['last byte wrong', signed, () => changed(31)],
    ['all bytes wrong', signed, () => changed(...signature.keys())],
    ['a byte too few', signed, () => `/info/${signature.toString('base64url', 1)}${PATH}`],
  ],
};

function median(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1];
}

/** Nanoseconds that a refusal takes. */
function time(parse, target) {
  const begin = process.hrtime.bigint();
  try {
    parse(target);
  } catch {
    return Number(process.hrtime.bigint() - begin);
  }
  throw new Error(`${target} was not refused`);
}

for (const [title, cases] of Object.entries(TABLES)) {
  const times = cases.map(() => []);
  for (let round = -ROUNDS / 4; round < ROUNDS; round++) {
    // In another order each round, so that none is always behind the same one.
    const first = Math.abs(round) % cases.length;
    for (let i = 0; i < cases.length; i++) {
      const at = (first + i) % cases.length;
      const [, parse, make] = cases[at];
      const taken = time(parse, make());
      if (round >= 0) times[at].push(taken);
    }
  }
  console.log(`\n${title}, ${ROUNDS} rounds`);
  for (const [at, [name]] of cases.entries()) {
    const ratios = Array.from({ length: PARTS }, (_, part) => {
      const ofPart = (series) =>
        median(series.slice((part * ROUNDS) / PARTS, ((part + 1) * ROUNDS) / PARTS));
      return ofPart(times[at]) / ofPart(times[0]);
    });
    const whole = median(times[at]);
    console.log(
      `  ${name.padEnd(30)} ${(whole / 1000).toFixed(2).padStart(6)} µs` +
        `   ratio ${(whole / median(times[0])).toFixed(3)}` +
        `   in parts ${Math.min(...ratios).toFixed(3)} to ${Math.max(...ratios).toFixed(3)}`,
    );
  }
}
