import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { request } from 'undici';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Running, startServer } from './running.ts';

/** A word that stands in a file of the host: no answer may hold it. */
const SECRET = 'the-secret-of-the-host';

let folder: string;
let canary: Server;
let sung: string[] = [];
let server: Running;
let files: Record<string, Buffer>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'imgpeek-canary-'));
  writeFileSync(join(folder, 'secret.txt'), SECRET);
  canary = createServer((incoming, response) => {
    sung.push(incoming.url ?? '');
    response.end(SECRET);
  });
  await new Promise<void>((resolve) => canary.listen(0, '127.0.0.1', resolve));
  const { port } = canary.address() as AddressInfo;
  files = hostileFiles(`http://127.0.0.1:${port}`, join(folder, 'secret.txt'));
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, name), bytes);
  server = await startServer({ IMGPROXY_LOCAL_FILESYSTEM_ROOT: folder });
});

afterAll(async () => {
  await server?.stop();
  canary?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A box of ISO/IEC 14496-12, 4.2. */
function box(type: string, ...content: Buffer[]): Buffer {
  const body = Buffer.concat(content);
  const head = Buffer.alloc(8);
  head.writeUInt32BE(body.length + 8, 0);
  head.write(type, 4, 'latin1');
  return Buffer.concat([head, body]);
}

const zeros = (count: number) => Buffer.alloc(count);
const hex = (text: string) => Buffer.from(text.replace(/\s/g, ''), 'hex');

/** A movie whose one track's samples lie in another file, by a `url ` or an alias reference. */
function movieWithReference(reference: Buffer): Buffer {
  const sampleDescription = Buffer.concat([
    zeros(6),
    hex('0001'),
    zeros(16),
    hex('0140 00b4 00480000 00480000 00000000 0001'),
    zeros(32),
    hex('0018 ffff'),
  ]);
  const table = box(
    'stbl',
    box('stsd', hex('00000000 00000001'), box('jpeg', sampleDescription)),
    box('stts', hex('00000000 00000001 00000001 00000001')),
    box('stsc', hex('00000000 00000001 00000001 00000001 00000001')),
    box('stsz', hex('00000000 00000010 00000001')),
    box('stco', hex('00000000 00000001 00000000')),
  );
  const media = box(
    'mdia',
    box('mdhd', zeros(12), hex('000003e8 000003e8 55c4 0000')),
    box('hdlr', zeros(8), Buffer.from('vide'), zeros(13)),
    box(
      'minf',
      box('vmhd', hex('00000001'), zeros(8)),
      box('dinf', box('dref', hex('00000000 00000001'), reference)),
      table,
    ),
  );
  const header = box(
    'tkhd',
    hex('00000003'),
    zeros(8),
    hex('00000001'),
    zeros(4),
    hex('000003e8'),
    zeros(16),
    hex('00010000'),
    zeros(12),
    hex('00010000'),
    zeros(12),
    hex('40000000 01400000 00b40000'),
  );
  const movieHeader = box(
    'mvhd',
    zeros(12),
    hex('000003e8 000003e8 00010000 0100'),
    zeros(10),
    zeros(60),
    hex('00000002'),
  );
  return Buffer.concat([
    box('ftyp', Buffer.from('qt  '), zeros(4), Buffer.from('qt  ')),
    box('moov', movieHeader, box('trak', header, media)),
  ]);
}

/** Files that name the canary and a file of the host, in each way that a library might follow. */
function hostileFiles(url: string, path: string): Record<string, Buffer> {
  const text = (...lines: string[]) => Buffer.from(`${lines.join('\n')}\n`);
  const playlist = text(
    '#EXTM3U',
    '#EXT-X-TARGETDURATION:10',
    '#EXTINF:10,',
    `${url}/hls.ts`,
    '#EXTINF:10,',
    `file://${path}`,
    '#EXT-X-ENDLIST',
  );
  const concat = text('ffconcat version 1.0', `file ${url}/concat.mp4`, `file ${path}`);
  return {
    'playlist.m3u8': playlist,
    'playlist.mp4': playlist,
    'concat.txt': concat,
    'concat.jpg': concat,
    'dash.mpd': text(
      '<?xml version="1.0"?>',
      '<MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" mediaPresentationDuration="PT10S">',
      `<Period><AdaptationSet mimeType="video/mp4"><Representation id="1" bandwidth="1"><BaseURL>${url}/dash.mp4</BaseURL><SegmentBase indexRange="0-9"/></Representation></AdaptationSet></Period></MPD>`,
    ),
    'session.sdp': text(
      'v=0',
      'o=- 0 0 IN IP4 127.0.0.1',
      's=x',
      'c=IN IP4 127.0.0.1',
      't=0 0',
      'm=video 5004 RTP/AVP 96',
      'a=rtpmap:96 H264/90000',
    ),
    'url.mov': movieWithReference(box('url ', zeros(4), Buffer.from(`${url}/dref.mp4\0`))),
    'alias.mov': movieWithReference(box('alis', zeros(4), Buffer.from(`\0\0\0\0${path}\0`))),
    'image.svg': text(
      '<?xml version="1.0"?>',
      `<!DOCTYPE svg [<!ENTITY host SYSTEM "file://${path}"><!ENTITY canary SYSTEM "${url}/entity">]>`,
      `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="10" height="20">`,
      `<image xlink:href="${url}/image.png" width="10" height="10"/><image href="file://${path}"/>`,
      '<text>&host;&canary;</text>',
      `<style>@import url("${url}/style.css");</style></svg>`,
    ),
    'references.svg': text(
      `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="10" height="20">`,
      `<image xlink:href="${url}/image.png" width="10" height="10"/>`,
      `<image href="file://${path}" width="10" height="10"/><image href="secret.txt" width="5" height="5"/>`,
      `<use href="${url}/other.svg#a"/><use href="file://${path}#a"/>`,
      `<style>@import url("${url}/style.css"); @font-face { font-family: f; src: url("${url}/font"); }</style>`,
      `<rect width="10" height="10" fill="url(${url}/paint#a)" filter="url(${url}/filter#a)"/>`,
      `<text font-family="f">a</text></svg>`,
    ),
    'subset.svg': text(
      `<!DOCTYPE svg SYSTEM "${url}/svg.dtd" [<!ENTITY % remote SYSTEM "${url}/parameter"> %remote;]>`,
      '<svg xmlns="http://www.w3.org/2000/svg" width="10" height="20"/>',
    ),
    'page.pdf': text(
      '%PDF-1.4',
      '1 0 obj <</Type/Catalog/Pages 2 0 R/OpenAction<</S/URI/URI(' +
        url +
        '/open)>>/AF[4 0 R]>> endobj',
      '2 0 obj <</Type/Pages/Kids[3 0 R]/Count 1>> endobj',
      `3 0 obj <</Type/Page/Parent 2 0 R/MediaBox[0 0 10 20]/Contents 5 0 R>> endobj`,
      `4 0 obj <</Type/Filespec/FS/URL/F(${url}/file)>> endobj`,
      `5 0 obj <</Length 0/F(${path})/FFilter/None>> stream`,
      '',
      'endstream endobj',
      'trailer <</Root 1 0 R/Size 6>>',
      '%%EOF',
    ),
  };
}

describe('a file that names others', () => {
  test.each([
    'playlist.m3u8',
    'playlist.mp4',
    'concat.txt',
    'concat.jpg',
    'dash.mpd',
    'session.sdp',
    'url.mov',
    'alias.mov',
    'image.svg',
    'references.svg',
    'subset.svg',
    'page.pdf',
  ])('%s makes imgpeek fetch nothing, read nothing of the host, and fall over not', async (name) => {
    sung = [];
    const options = 'pn:1/a:1:1/avg:1/th:1';
    const source = `plain/local:///${name}`;
    const { statusCode, body } = await request(`${server.url}/info/_/${options}/${source}`);
    expect([200, 422]).toContain(statusCode);
    expect(await body.text()).not.toContain(SECRET);
    expect(sung).toEqual([]);
  });

  test.each([
    ['image.svg', 10, 20],
    ['references.svg', 10, 20],
    ['subset.svg', 10, 20],
    ['page.pdf', 10, 20],
  ])('%s is still answered from its own bytes', async (name, width, height) => {
    const { body } = await request(`${server.url}/info/_/plain/local:///${name}`);
    expect(await body.json()).toMatchObject({ width, height });
  });
});
