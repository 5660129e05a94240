import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { promises as fs, readdirSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RequestError } from '../../src/errors.ts';
import { FileOpener } from '../../src/source/file.ts';
import { expectHeld, FIRST, failureOf, open, patterned, until } from './fetching.ts';

const FILE = patterned(200_000);

let directory: string;
let opener: FileOpener;

beforeAll(async () => {
  directory = await fs.mkdtemp(join(tmpdir(), 'imgpeek-'));
  const root = join(directory, 'root');
  await fs.mkdir(join(root, 'dir'), { recursive: true });
  await fs.mkdir(join(directory, 'root-beside'));
  for (const name of ['file', 'dir/file', 'a%20b', 'ü b?c', '#1', '..file']) {
    await fs.writeFile(join(root, name), FILE);
  }
  await fs.writeFile(join(root, 'empty'), '');
  await fs.writeFile(join(directory, 'outside'), 'secret');
  await fs.writeFile(join(directory, 'root-beside', 'file'), 'secret');
  await fs.symlink('../outside', join(root, 'out'));
  await fs.symlink('/etc', join(root, 'etc'));
  await fs.symlink('../root-beside', join(root, 'beside'));
  await fs.symlink('dir/file', join(root, 'in'));
  await fs.symlink('loop', join(root, 'loop'));
  await fs.symlink('/dev/zero', join(root, 'device'));
  execFileSync('mkfifo', [join(root, 'fifo')]);
  opener = new FileOpener({ root, maxFileSize: 0 });
});
afterAll(() => fs.rm(directory, { recursive: true }));

const descriptors = () => readdirSync('/proc/self/fd').length;
const UNREACHABLE = { code: 'SOURCE_UNREACHABLE', status: 404 };

describe('a local file', () => {
  it.each([
    '/file',
    '/dir/file',
    '//dir//file',
    '/dir/../file',
    '/../../file',
    '/in',
    '/a%20b',
    '/#1',
    '/..file',
    '/file?v=1',
  ])('%s is read', async (path) => {
    const { source, first } = await open(opener, `local://${path}`);
    expectHeld(first, FILE, 0, FIRST);
    source.close();
  });

  it('has the size, date and tag of imgproxy', async () => {
    const { source } = await open(opener, 'local:///dir/file');
    const stat = statSync(join(directory, 'root/dir/file'), { bigint: true });
    const tag = `/dir/file__${stat.size}__${stat.mtimeNs}`;
    expect(source).toMatchObject({
      size: FILE.length,
      contentType: undefined,
      seekable: true,
      lastModified: stat.mtime.toUTCString(),
      etag: `"${createHash('sha256').update(tag).digest('base64url')}"`,
    });
    source.close();
  });

  it('may be empty', async () => {
    const { source, first } = await open(opener, 'local:///empty');
    expect(first).toEqual([]);
    expect(source.size).toBe(0);
    source.close();
  });

  it('may have the query separator in its name, if that is another', async () => {
    const root = join(directory, 'root');
    const { source } = await open(
      new FileOpener({ root, querySeparator: '', maxFileSize: 0 }),
      'local:///ü b?c',
    );
    expect(source.size).toBe(FILE.length);
    source.close();
  });

  it.each([
    ['is not there', '/missing'],
    ['lies under a file', '/file/file'],
    ['is the root', '/'],
    ['is a directory', '/dir'],
    ['is a directory, by its slash', '/dir/'],
    ['is a FIFO', '/fifo'],
    ['is a device', '/device'],
    ['is a link out of the root', '/out'],
    ['lies below a link out of the root', '/etc/passwd'],
    ['lies in a directory whose name begins as the root’s', '/beside/file'],
    ['is a link to itself', '/loop'],
    ['was encoded twice', '/%2e%2e/outside'],
    ['has too long a name', `/${'x'.repeat(5_000)}`],
  ])('that %s is unreachable', async (_, path) => {
    const before = descriptors();
    expect(await failureOf(open(opener, `local://${path}`))).toMatchObject(UNREACHABLE);
    await until(() => descriptors() <= before);
  });

  it.each([
    'local:///file\0.jpg',
    'local://host/file',
    'local://',
  ])('%j is malformed', async (url) => {
    const error = await failureOf(open(opener, url));
    expect(error).toMatchObject({ code: 'INVALID_SOURCE_URL', status: 404 });
  });

  it('over the limit is refused', async () => {
    const limited = new FileOpener({ root: join(directory, 'root'), maxFileSize: 1_000 });
    const error = await failureOf(open(limited, 'local:///file'));
    expect(error).toMatchObject({ code: 'INVALID_SOURCE_IMAGE', status: 422 });
    const { source } = await open(limited, 'local:///file', { maxFileSize: 0 });
    source.close();
  });

  it('under a root that is a link is read', async () => {
    const root = join(directory, 'linked-root');
    await fs.symlink('root', root);
    const { source } = await open(new FileOpener({ root, maxFileSize: 0 }), 'local:///file');
    expect(source.size).toBe(FILE.length);
    source.close();
  });

  it('that shrinks comes short', async () => {
    const path = join(directory, 'root/shrinking');
    await fs.writeFile(path, FILE);
    const { source } = await open(opener, 'local:///shrinking');
    await fs.truncate(path, 150_000);
    const chunks = await source.read([{ offset: 140_000, length: 20_000 }]);
    expectHeld(chunks, FILE, 140_000, 10_000);
    expect(chunks[0]?.data.length).toBe(10_000);
    expect(await source.read([{ offset: 160_000, length: 10 }])).toEqual([]);
    source.close();
  });

  it('leaves no descriptor open', async () => {
    const before = descriptors();
    for (let i = 0; i < 50; i++) {
      const { source } = await open(opener, 'local:///file');
      const reading = source.read([{ offset: 100_000, length: 10 }]);
      if (i % 2 === 0) await reading;
      source.close();
      source.close();
      await reading;
    }
    await until(() => descriptors() <= before);
  });

  it('is given up where the signal says so', async () => {
    const before = descriptors();
    const controller = new AbortController();
    const { signal } = controller;
    const { source } = await open(opener, 'local:///file', { signal });
    const reason = new RequestError('TIMEOUT', 'too long');
    controller.abort(reason);
    expect(await failureOf(source.read([{ offset: 100_000, length: 10 }]))).toBe(reason);
    expect(await failureOf(open(opener, 'local:///file', { signal }))).toBe(reason);
    source.close();
    await until(() => descriptors() <= before);
  });
});
