import { describe, expect, it } from 'vitest';
import { classifyAddress, refuseAddress } from '../../src/source/address.ts';

const ADDRESSES: Record<string, readonly string[]> = {
  public: [
    '1.1.1.1',
    '8.8.8.8',
    '9.255.255.255',
    '11.0.0.0',
    '100.63.255.255',
    '100.128.0.0',
    '126.255.255.255',
    '128.0.0.0',
    '169.253.255.255',
    '169.255.0.0',
    '172.15.255.255',
    '172.32.0.0',
    '192.0.1.0',
    '192.167.255.255',
    '192.169.0.0',
    '198.17.255.255',
    '198.20.0.0',
    '223.255.255.255',
    '2606:4700:4700::1111',
    '2a00:1450:4001:81b::200e',
    '2001:4860:4860::8888',
    '::8.8.8.8',
    '::ffff:8.8.8.8',
    '::ffff:0:8.8.8.8',
    '64:ff9b::8.8.8.8',
    '64:ff9b:1::8.8.8.8',
    '64:ff9b:1:808:8:800::',
    '2002:808:808::1',
    '2001::f7f7:f7f7',
    '2606:4700::5efe:8.8.8.8',
  ],
  loopback: [
    '127.0.0.1',
    '127.255.255.255',
    '0.0.0.0',
    '0.1.2.3',
    '::',
    '::1',
    '::127.0.0.1',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '0:0:0:0:0:ffff:7f00:0001',
    '::ffff:0:127.0.0.1',
    '64:ff9b::127.0.0.1',
    '64:ff9b:1::127.0.0.1',
    '64:ff9b:1:7f00:0:100::',
    '2002:7f00:1::',
    '2001:0:4136:e378:8000:63bf:80ff:fffe',
    '2606:4700::5efe:127.0.0.1',
    '2606:4700::200:5efe:127.0.0.1',
  ],
  'link-local': [
    '169.254.0.0',
    '169.254.169.254',
    '169.254.170.2',
    '169.254.255.255',
    'fe80::1',
    'febf::1',
    '::ffff:169.254.169.254',
    '::169.254.169.254',
    '64:ff9b::a9fe:a9fe',
    '64:ff9b:1::a9fe:a9fe',
    '2002:a9fe:a9fe::',
    '2001:0:4136:e378:8000:63bf:5601:5601',
  ],
  private: [
    '10.0.0.0',
    '10.255.255.255',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.0.1',
    '100.64.0.1',
    '100.127.255.255',
    '100.100.100.200',
    '192.0.0.1',
    '192.0.0.192',
    '198.18.0.1',
    '198.19.255.255',
    'fc00::1',
    'fd00:ec2::254',
    'fec0::1',
    '::ffff:10.0.0.1',
    '::10.0.0.1',
    '64:ff9b::192.168.0.1',
    '64:ff9b:1::100.64.0.1',
    '2002:c0a8:101::',
    '2001::f5ff:fffe',
  ],
  reserved: [
    '192.0.2.1',
    '192.88.99.1',
    '198.51.100.1',
    '203.0.113.1',
    '224.0.0.1',
    '239.255.255.255',
    '240.0.0.1',
    '255.255.255.255',
    'ff02::1',
    'ff0e::1',
    '100::1',
    '2001:db8::1',
    '3fff::1',
    '4000::1',
    '::ffff:224.0.0.1',
    '64:ff9b::255.255.255.255',
    'localhost',
    '',
    '127.1',
    '0x7f000001',
  ],
};

const NOTHING = { allowLoopback: false, allowLinkLocal: false, allowPrivate: false };
const EVERYTHING = { allowLoopback: true, allowLinkLocal: true, allowPrivate: true };

const rows = Object.entries(ADDRESSES).flatMap(([of, all]) => all.map((one) => [one, of] as const));

describe('an address', () => {
  it.each(rows)('%s is %s', (address, of) => {
    const worst = classifyAddress(address).filter((one) => one !== 'public');
    expect(worst.length === 0 ? ['public'] : worst).toContain(of);
  });

  it.each(rows)('%s, which is %s, is connected to where its class may be', (address, of) => {
    const name =
      { loopback: 'allowLoopback', 'link-local': 'allowLinkLocal' }[of] ?? 'allowPrivate';
    const refused = refuseAddress(address, NOTHING);
    if (of === 'public') expect(refused).toBeUndefined();
    else expect(refused).toContain('source address is not allowed');
    const others = refuseAddress(address, { ...EVERYTHING, [name]: false });
    if (of === 'public') expect(others).toBeUndefined();
    else expect(others).toContain(of);
    const allowed = refuseAddress(address, EVERYTHING);
    if (of === 'reserved') expect(allowed).toContain('reserved');
    else expect(allowed).toBeUndefined();
  });

  it('is judged by its own class and by what is embedded in it', () => {
    const onlyPrivate = { ...NOTHING, allowPrivate: true };
    expect(refuseAddress('fe80::5efe:10.0.0.1', onlyPrivate)).toContain('link-local');
    expect(refuseAddress('fd00::5efe:127.0.0.1', onlyPrivate)).toContain('loopback');
  });

  it('is refused whatever local NAT64 prefix length would make it private', () => {
    // RFC 6052, 2.2: prefixes of 56 and 64 bits
    expect(refuseAddress('64:ff9b:1:a:0:1::', NOTHING)).toBeDefined();
    expect(refuseAddress('64:ff9b:1:0:a:0:100:0', NOTHING)).toContain('private');
  });
});
