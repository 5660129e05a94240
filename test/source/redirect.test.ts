import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { expectHeld, FIRST, failureOf, open, openers, patterned } from './fetching.ts';
import { type Behaviour, Origin, serve } from './origin.ts';

const FILE = patterned(200_000);

// 127.0.0.1 and localhost are two hosts to cookies and credentials.
let origin: Origin;
let other: Origin;
const { make, close } = openers();

beforeAll(async () => {
  origin = await Origin.start();
  other = await Origin.start();
});
beforeEach(() => {
  origin.seen.length = 0;
  other.seen.length = 0;
  origin.on('/file', serve(FILE));
  other.on('/file', serve(FILE));
});
afterEach(close);
afterAll(async () => {
  await origin.close();
  await other.close();
});

const to = (location: string, headers: Record<string, string | string[]> = {}): Behaviour => {
  return () => ({ status: 302, headers: { ...headers, Location: location } });
};

describe('a redirect', () => {
  it.each([301, 302, 303, 307, 308])('by %i is followed with the same request', async (status) => {
    origin.on('/old', () => ({
      status,
      headers: { Location: '/file' },
      body: Buffer.from('Moved'),
    }));
    const { source, first } = await open(make(), origin.url('/old'));
    expectHeld(first, FILE, 0, FIRST);
    expect(source.cost.requests).toBe(2);
    expect(origin.seen.map(({ method, headers }) => [method, headers.range])).toEqual([
      ['GET', `bytes=0-${FIRST - 1}`],
      ['GET', `bytes=0-${FIRST - 1}`],
    ]);
  });

  it('is not followed again for later ranges', async () => {
    origin.on('/old', to('/file'));
    const { source } = await open(make(), origin.url('/old'));
    const chunks = await source.read([{ offset: 100_000, length: 10 }]);
    expectHeld(chunks, FILE, 100_000, 10);
    expect(origin.seen.map(({ target }) => target)).toEqual(['/old', '/file', '/file']);
  });

  it.each([
    ['relative', 'file?a=%2F', '/dir/file?a=%2F'],
    ['relative and upwards', '../file', '/file'],
    ['given whole, dots and all', '/x/../y//z', '/x/../y//z'],
    ['only a query', '?b=1', '/dir/old?b=1'],
    ['in raw UTF-8', Buffer.from('/ü b', 'utf8').toString('latin1'), '/%C3%BC%20b'],
  ])('may be %s', async (_, location, target) => {
    origin.on('*', (request) =>
      request.target === '/dir/old' ? to(location)(request) : serve(FILE)(request),
    );
    await open(make(), origin.url('/dir/old'));
    expect(origin.seen[1]?.target).toBe(target);
    origin.on('*', () => ({ status: 404 }));
  });

  it('keeps a presigned target as it is', async () => {
    const target = '/file?X-Amz-Credential=A%2Fb%2f&X-Amz-Signature=0%3D&x=a+b%20c~';
    origin.on('/old', to(other.url(target)));
    await open(make(), origin.url('/old'));
    expect(other.seen[0]?.target).toBe(target);
  });

  it('is followed ten times, and no more', async () => {
    const step: Behaviour = (request) => {
      const left = Number(request.target.slice('/step?'.length));
      return left === 0 ? serve(FILE)(request) : to(`/step?${left - 1}`)(request);
    };
    origin.on('/step', step);
    const { source } = await open(make(), origin.url('/step?10'));
    expect(source.cost.requests).toBe(11);
    const error = await failureOf(open(make(), origin.url('/step?11')));
    expect(error).toMatchObject({ code: 'SOURCE_UNREACHABLE', status: 404 });
    const none = await failureOf(open(make({ maxRedirects: 0 }), origin.url('/step?1')));
    expect(none).toMatchObject({ code: 'SOURCE_UNREACHABLE', status: 404 });
  });

  it('in a circle is given up', async () => {
    origin.on('/old', to('/old'));
    const error = await failureOf(open(make(), origin.url('/old')));
    expect(error).toMatchObject({ code: 'SOURCE_UNREACHABLE', status: 404 });
  });

  it.each([
    'ftp://127.0.0.1/x',
    'file:///etc/passwd',
    'local:///x',
    'data:,x',
    'gopher://x/',
  ])('to %s is refused', async (location) => {
    origin.on('/old', to(location));
    const error = await failureOf(open(make(), origin.url('/old')));
    expect(error).toMatchObject({ code: 'SOURCE_UNREACHABLE', status: 404 });
  });

  it.each(['http://', 'http://[::1', '//a\\@b/'])('to %s is malformed', async (location) => {
    origin.on('/old', to(location));
    const error = await failureOf(open(make(), origin.url('/old')));
    expect(error).toMatchObject({ code: 'INVALID_SOURCE_URL', status: 404 });
  });

  it('without a Location is no answer', async () => {
    origin.on('/old', () => ({ status: 302 }));
    const error = await failureOf(open(make(), origin.url('/old')));
    expect(error).toMatchObject({ code: 'SOURCE_UNREACHABLE', status: 404 });
  });

  it('goes to allowed sources alone', async () => {
    const asked: string[] = [];
    const allowedSources = (url: string) => {
      asked.push(url);
      return url.startsWith(origin.url('/'));
    };
    origin.on('/out', to(other.url('/file?secret#x')));
    const error = await failureOf(open(make({ allowedSources }), origin.url('/out')));
    expect(error).toMatchObject({ code: 'INVALID_SOURCE_URL', status: 404 });
    expect(error.message).not.toContain('secret');
    expect(asked).toEqual([other.url('/file?secret')]);
    expect(other.seen).toEqual([]);
  });

  it.each([
    ['http://169.254.169.254/latest/meta-data/', 'link-local'],
    ['http://[fe80::1]/', 'link-local'],
    ['http://10.0.0.1/', 'private'],
    ['http://[::ffff:10.0.0.1]/', 'private'],
    ['http://0x0a000001/', 'private'],
  ])('to %s is refused before a connection', async (location, of) => {
    origin.on('/old', to(location));
    const opener = make({ allowPrivateAddresses: false });
    const error = await failureOf(open(opener, origin.url('/old')));
    expect(error).toMatchObject({ code: 'INVALID_SOURCE_URL', status: 404 });
    expect(error.message).toContain(of);
  });

  it('takes credentials to no other host', async () => {
    const customRequestHeaders = { Authorization: 'Bearer t', Cookie: 'a=b', 'X-Other': 'o' };
    origin.on('/old', to(other.url('/file', 'localhost')));
    origin.on('/here', to('/file'));
    const opener = make({ customRequestHeaders });
    await open(opener, origin.url('/old'));
    expect(origin.seen[0]?.headers).toMatchObject({ authorization: 'Bearer t', cookie: 'a=b' });
    expect(other.seen[0]?.headers).toMatchObject({ 'x-other': 'o' });
    expect(other.seen[0]?.headers).not.toHaveProperty('authorization');
    expect(other.seen[0]?.headers).not.toHaveProperty('cookie');
    await open(opener, origin.url('/here'));
    expect(origin.seen.at(-1)?.headers).toMatchObject({ authorization: 'Bearer t' });
  });
});

describe('a cookie', () => {
  const challenge = (setCookie: string | string[], location = '/file'): void => {
    origin.on('/old', to(location, { 'Set-Cookie': setCookie }));
  };
  const sent = async (from: Origin = origin): Promise<string | undefined> => {
    await open(make(), origin.url('/old'));
    return from.seen.at(-1)?.headers.cookie;
  };

  it('that a redirect sets is sent on', async () => {
    challenge(['pass=1; HttpOnly; SameSite=Lax', 'b=two words']);
    expect(await sent()).toBe('pass=1; b=two words');
  });

  it('opens a file that asks for it under the same URL', async () => {
    origin.on('/old', (request) =>
      request.headers.cookie === 'pass=1'
        ? serve(FILE)(request)
        : to('/old', { 'Set-Cookie': 'pass=1' })(request),
    );
    const { source, first } = await open(make(), origin.url('/old'));
    expectHeld(first, FILE, 0, FIRST);
    await source.read([{ offset: 100_000, length: 10 }]);
    expect(origin.seen.at(-1)?.headers.cookie).toBe('pass=1');
  });

  it('is sent to no other host', async () => {
    challenge('pass=1', other.url('/file', 'localhost'));
    expect(await sent(other)).toBeUndefined();
  });

  it('is remembered for the host that set it', async () => {
    challenge('pass=1', other.url('/back', 'localhost'));
    other.on('/back', to(origin.url('/file'), { 'Set-Cookie': 'theirs=1' }));
    expect(await sent()).toBe('pass=1');
  });

  it.each([
    ['for another domain', 'pass=1; Domain=example.com', undefined],
    ['for another path', 'pass=1; Path=/other', undefined],
    ['for a path that only begins alike', 'pass=1; Path=/fi', undefined],
    ['for a path above', 'pass=1; Path=/', 'pass=1'],
    ['for secure connections', 'pass=1; Secure', undefined],
    ['that is over', 'pass=1; Max-Age=0', undefined],
    ['that was over', 'pass=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT', undefined],
    ['that lasts', 'pass=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=60', 'pass=1'],
    ['without a name', '=1', undefined],
    ['that is too long', `pass=${'1'.repeat(5000)}`, undefined],
  ])('%s', async (_, setCookie, cookie) => {
    challenge(setCookie);
    expect(await sent()).toBe(cookie);
  });

  it('is replaced by a later one of its name', async () => {
    challenge(['pass=1', 'pass=2']);
    expect(await sent()).toBe('pass=2');
  });

  it('is forgotten with the file', async () => {
    challenge('pass=1');
    const opener = make();
    await open(opener, origin.url('/old'));
    await open(opener, origin.url('/file'));
    expect(origin.seen.at(-1)?.headers).not.toHaveProperty('cookie');
  });

  it('is one of a bounded number', async () => {
    challenge(Array.from({ length: 200 }, (_, i) => `c${i}=1`));
    expect((await sent())?.split(';')).toHaveLength(50);
  });
});
