import { createCipheriv, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Origin } from '../source/origin.ts';
import { sign } from '../url/parser.ts';
import { type Running, startServer } from './running.ts';

/** A GIF of 3 × 2 pixels without a frame: its header is all that is read of it. */
const GIF = Buffer.from('474946383961030002000000003b', 'hex');
const BARE = 'bare=d:0/s:0/exif:0/iptc:0/xmp:0';

let origin: Origin;
let folder: string;
let server: Running | undefined;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'imgpeek-'));
  origin = await Origin.start();
  origin.on('*', () => ({ status: 200, body: GIF }));
});

afterEach(async () => {
  await server?.stop();
  server = undefined;
});

afterAll(async () => {
  await origin.close();
  rmSync(folder, { recursive: true });
});

/** Starts imgpeek, and gives what asks it: `path` is what follows the route. */
async function serve(env: Record<string, string>) {
  const running = await startServer(env);
  server = running;
  return async (path: string, headers: Record<string, string> = {}) => {
    const response = await fetch(`${running.url}/info/${path}`, { headers });
    return { status: response.status, text: await response.text() };
  };
}

/** The names in the answer, or what came in its place. */
const namesOf = ({ status, text }: { status: number; text: string }) =>
  status === 200 ? Object.keys(JSON.parse(text)) : `${status} ${text}`;

describe('presets', () => {
  it('are those of IMGPROXY_INFO_PRESETS, divided by IMGPROXY_PRESETS_SEPARATOR, and of IMGPROXY_INFO_PRESETS_PATH', async () => {
    const file = join(folder, 'presets');
    writeFileSync(file, '# of the file\nplain=f:0/pr:bare\n');
    const ask = await serve({
      IMGPROXY_PRESETS_SEPARATOR: '|',
      IMGPROXY_INFO_PRESETS: `default=size:0|${BARE}`,
      IMGPROXY_INFO_PRESETS_PATH: file,
    });
    const namesFor = async (options: string) =>
      namesOf(await ask(`_/${options}plain/${origin.url('/a')}`));
    expect(await namesFor('')).toEqual([
      'format',
      'mime_type',
      'width',
      'height',
      'orientation',
      'exif',
    ]);
    expect(await namesFor('pr:bare/')).toEqual(['format', 'mime_type']);
    expect(await namesFor('pr:plain/')).toEqual([]);
    expect(await namesFor('pr:bare/s:1/')).toEqual(['format', 'mime_type', 'size']);
    expect(await namesFor('pr:of the file/')).toBe('404 Invalid URL');
  });

  it.each([
    ['IMGPROXY_ONLY_PRESETS', { IMGPROXY_ONLY_PRESETS: 'true' }],
    ['IMGPROXY_INFO_ONLY_PRESETS', { IMGPROXY_INFO_ONLY_PRESETS: 'true' }],
  ])('are all that a URL may name with %s', async (_, env) => {
    const ask = await serve({ ...env, IMGPROXY_INFO_PRESETS: BARE } as Record<string, string>);
    expect(namesOf(await ask(`_/bare/plain/${origin.url('/a')}`))).toEqual(['format', 'mime_type']);
    expect(namesOf(await ask(`_/s:0/plain/${origin.url('/a')}`))).toBe('404 Invalid URL');
  });

  it('are not all of it where IMGPROXY_INFO_ONLY_PRESETS says other than IMGPROXY_ONLY_PRESETS', async () => {
    const ask = await serve({ IMGPROXY_ONLY_PRESETS: 'true', IMGPROXY_INFO_ONLY_PRESETS: 'false' });
    expect(namesOf(await ask(`_/s:0/plain/${origin.url('/a')}`))).not.toContain('size');
  });
});

describe('options', () => {
  it('are those of IMGPROXY_ALLOWED_INFO_OPTIONS, but for what presets use', async () => {
    const ask = await serve({
      IMGPROXY_ALLOWED_INFO_OPTIONS: 'pr,f',
      IMGPROXY_INFO_PRESETS: BARE,
    });
    expect(namesOf(await ask(`_/pr:bare/f:0/plain/${origin.url('/a')}`))).toEqual([]);
    expect(namesOf(await ask(`_/s:0/plain/${origin.url('/a')}`))).toBe('404 Invalid URL');
    expect(namesOf(await ask(`_/format:0/plain/${origin.url('/a')}`))).toBe('404 Invalid URL');
  });

  it('are divided by IMGPROXY_ARGUMENTS_SEPARATOR', async () => {
    const ask = await serve({ IMGPROXY_ARGUMENTS_SEPARATOR: '~' });
    expect(namesOf(await ask(`_/s~0/d~0/plain/${origin.url('/a')}`))).toEqual([
      'format',
      'mime_type',
      'exif',
    ]);
    expect(namesOf(await ask(`_/s:0/plain/${origin.url('/a')}`))).toMatch(/^404 /);
  });

  it('that concern security take IMGPROXY_ALLOW_SECURITY_OPTIONS, and one IMGPROXY_ALLOW_BYPASS_CACHE', async () => {
    const closed = await serve({});
    expect((await closed(`_/msfs:13/plain/${origin.url('/a')}`)).status).toBe(404);
    expect((await closed(`_/bc:1/plain/${origin.url('/a')}`)).status).toBe(404);
    await server?.stop();
    const open = await serve({
      IMGPROXY_ALLOW_SECURITY_OPTIONS: 'true',
      IMGPROXY_ALLOW_BYPASS_CACHE: 'true',
    });
    const tooLarge = await open(`_/msfs:${GIF.length - 1}/plain/${origin.url('/a')}`);
    expect([tooLarge.status, tooLarge.text]).toEqual([422, 'Invalid source image']);
    expect((await open(`_/msfs:${GIF.length}/plain/${origin.url('/a')}`)).status).toBe(200);
    expect((await open(`_/bc:1/plain/${origin.url('/a')}`)).status).toBe(200);
  });
});

describe('source URLs', () => {
  const targetOf = async (ask: Awaited<ReturnType<typeof serve>>, path: string) => {
    origin.seen.length = 0;
    const { status } = await ask(path);
    return status === 200 ? origin.seen.at(-1)?.target : status;
  };

  it('have IMGPROXY_URL_REPLACEMENTS made, and IMGPROXY_BASE_URL put before them', async () => {
    const ask = await serve({
      IMGPROXY_BASE_URL: origin.url('/'),
      IMGPROXY_URL_REPLACEMENTS: `img://*/=${origin.url('/')}of/\${1}/`,
    });
    expect(await targetOf(ask, '_/plain/base/a.gif')).toBe('/base/a.gif');
    expect(await targetOf(ask, `_/plain/${origin.url('/b.gif')}`)).toBe('/b.gif');
    expect(await targetOf(ask, '_/plain/img://bucket/c.gif')).toBe('/of/bucket/c.gif');
  });

  it('begin with one of IMGPROXY_ALLOWED_SOURCES', async () => {
    const ask = await serve({
      IMGPROXY_ALLOWED_SOURCES: `http://nowhere/,${origin.url('/pub/*/')}`,
    });
    expect(await targetOf(ask, `_/plain/${origin.url('/pub/x/a.gif')}`)).toBe('/pub/x/a.gif');
    const refused = await ask(`_/plain/${origin.url('/private/a.gif')}`);
    expect([refused.status, refused.text]).toEqual([404, 'Invalid source URL']);
  });

  it('in Base64 or encrypted end before a name with IMGPROXY_BASE64_URL_INCLUDES_FILENAME', async () => {
    const key = randomBytes(32);
    const ask = await serve({
      IMGPROXY_BASE64_URL_INCLUDES_FILENAME: 'true',
      IMGPROXY_SOURCE_URL_ENCRYPTION_KEY: key.toString('hex'),
    });
    const iv = randomBytes(16);
    const cipher = createCipheriv('aes-256-cbc', key, iv);
    const encrypted = Buffer.concat([iv, cipher.update(origin.url('/e.gif')), cipher.final()]);
    expect(await targetOf(ask, `_/enc/${encrypted.toString('base64url')}/name.gif`)).toBe('/e.gif');
    const plain = Buffer.from(origin.url('/p.gif')).toString('base64url');
    expect(await targetOf(ask, `_/${plain}/name.gif`)).toBe('/p.gif');
  });

  it('of local files end before IMGPROXY_SOURCE_URL_QUERY_SEPARATOR', async () => {
    writeFileSync(join(folder, 'a.gif'), GIF);
    const ask = await serve({
      IMGPROXY_LOCAL_FILESYSTEM_ROOT: folder,
      IMGPROXY_SOURCE_URL_QUERY_SEPARATOR: ';',
    });
    expect((await ask('_/plain/local:///a.gif;v=1')).status).toBe(200);
    expect((await ask('_/plain/local:///a.gif%3Fv=1')).status).toBe(404);
  });
});

describe('whoever asks', () => {
  it('signs with IMGPROXY_KEY and IMGPROXY_SALT to IMGPROXY_SIGNATURE_SIZE bytes, or knows one of IMGPROXY_TRUSTED_SIGNATURES', async () => {
    const [key, salt] = ['736563726574', '68656c6c6f'];
    const ask = await serve({
      IMGPROXY_KEY: key,
      IMGPROXY_SALT: salt,
      IMGPROXY_SIGNATURE_SIZE: '8',
      IMGPROXY_TRUSTED_SIGNATURES: 'ours,theirs',
    });
    const path = `/plain/${origin.url('/a')}`;
    expect((await ask(sign(path, key, salt, 8) + path)).status).toBe(200);
    expect((await ask(`theirs${path}`)).status).toBe(200);
    for (const signature of ['other', sign(path, key, salt), sign(path, key, '00', 8)]) {
      expect(await ask(signature + path)).toEqual({ status: 403, text: 'Forbidden' });
    }
  });

  it('shows IMGPROXY_SECRET, where it is set', async () => {
    const ask = await serve({ IMGPROXY_SECRET: 'sesame' });
    const path = `_/plain/${origin.url('/a')}`;
    expect((await ask(path, { Authorization: 'Bearer sesame' })).status).toBe(200);
    for (const headers of [{}, { Authorization: 'Bearer other' }, { Authorization: 'sesame' }]) {
      expect(await ask(path, headers as Record<string, string>)).toEqual({
        status: 403,
        text: 'Forbidden',
      });
    }
  });
});
