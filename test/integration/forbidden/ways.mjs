// Ways to name an address that must not be reached. `reaches` is what holds once its class is allowed:
// true where this host itself answers there.

/** A public address, which the loopback interface of the test's own network has. */
export const PUBLIC = '93.184.216.34';

/** The port of the canary, which listens on every address. */
export const CANARY_PORT = 8000;

/** Addresses that the loopback interface has in the test's own network. */
export const ADDRESSES = [
  `${PUBLIC}/32`,
  '10.0.0.1/32',
  '172.16.0.1/32',
  '192.168.0.1/32',
  '100.64.0.1/32',
  '100.100.100.200/32',
  '169.254.169.254/32',
  '169.254.170.2/32',
  '192.0.0.192/32',
  '198.18.0.1/32',
  'fc00::1/128',
  'fd00:ec2::254/128',
  'fe80::1/64',
];

/** What the test's own name server answers; a name with several steps gives the next each time. */
export const NAMES = {
  'public.test': { steps: [[PUBLIC]] },
  localhost: { steps: [['127.0.0.1']] },
  'loopback.test': { steps: [['127.0.0.1']] },
  'mapped.test': { steps: [['::ffff:127.0.0.1']] },
  'private.test': { steps: [['10.0.0.1']] },
  'metadata.test': { steps: [['169.254.169.254']] },
  'mixed.test': { steps: [['10.0.0.1', '127.0.0.1']] },
  'changing.test': { steps: [[PUBLIC], ['127.0.0.1']] },
};

const host = (name, reaches = true) => ({ name, url: `http://${name}:${CANARY_PORT}/`, reaches });
const url = (name, text, reaches) => ({ name, url: text, reaches });
const port = CANARY_PORT;

export const WAYS = [
  // Of this host, written otherwise
  host('127.0.0.1'),
  host('127.255.255.254'),
  host('2130706433'),
  host('0x7f000001'),
  host('0x7f.0.0.1'),
  host('017700000001'),
  host('0177.0.0.1'),
  host('127.1'),
  host('127.0.1'),
  host('127.0.0.1.'),
  host('0.0.0.0'),
  host('0'),
  host('localhost'),
  host('localhost.'),
  host('LOCALHOST'),
  host('①②⑦.⓪.⓪.①'),
  host('127。0。0。1'),
  host('%31%32%37.0.0.1'),
  // IPv6, and IPv4 within it
  host('[::1]'),
  host('[0:0:0:0:0:0:0:1]'),
  host('[::]'),
  host('[::ffff:127.0.0.1]'),
  host('[::ffff:7f00:1]'),
  host('[::127.0.0.1]', false),
  host('[64:ff9b::7f00:1]', false),
  host('[2002:7f00:1::]', false),
  host('[2001:0:4136:e378:8000:63bf:80ff:fffe]', false),
  host('[fe80::1%25lo]', false),
  host('[fe80::1]', false),
  // Of clouds and of other networks
  host('169.254.169.254'),
  host('169.254.170.2'),
  host('[::ffff:169.254.169.254]'),
  host('100.100.100.200'),
  host('192.0.0.192'),
  host('[fd00:ec2::254]'),
  host('10.0.0.1'),
  host('172.16.0.1'),
  host('192.168.0.1'),
  host('100.64.0.1'),
  host('198.18.0.1'),
  host('[fc00::1]'),
  // By the DNS
  host('loopback.test'),
  host('mapped.test'),
  host('private.test'),
  host('metadata.test'),
  host('mixed.test'),
  // By what parsers disagree on
  url('a user name', `http://public.test@127.0.0.1:${port}/`, true),
  url('a user name and a password', `http://public.test:80@127.0.0.1:${port}/`, true),
  url('two at signs', `http://a@public.test@127.0.0.1:${port}/`, true),
  url('an at sign in the fragment', `http://127.0.0.1:${port}#@public.test/`, true),
  url('an at sign in the query', `http://127.0.0.1:${port}?@public.test/`, true),
  url('a backslash before an at sign', `http://127.0.0.1:${port}\\@public.test/`, false),
  url('a tab in the host', `http://127.0.\t0.1:${port}/`, false),
  url('a newline in the host', `http://127.0.0.\n1:${port}/`, false),
  url('a space before the host', `http:// 127.0.0.1:${port}/`, false),
  url('another port', 'http://127.0.0.1:22/', false),
];
