import { existsSync, readFileSync } from 'node:fs';
import { deflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { cpuTimeOf } from '../../cpu-time.ts';
import { DEFAULTS, DIMENSIONS, EVERYTHING, probeInRounds, probeWhole } from '../probing.ts';
import { expectBoundedUnderDamage, expectSameInAnyRounds } from './damage.ts';
import { compressedPdf, indirect, type PdfSource, pdf, table } from './pdf_building.ts';
import { encryption128, encryption256 } from './pdf_encrypting.ts';

const XMP = Buffer.from(
  `<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""
xmlns:pdf="http://ns.adobe.com/pdf/1.3/" pdf:Producer="tests"/></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>`,
);
const metadata: PdfSource = { dictionary: '/Type/Metadata/Subtype/XML', data: XMP };
const deflatedMetadata: PdfSource = {
  dictionary: '/Type/Metadata/Subtype/XML/Filter/FlateDecode',
  data: deflateSync(XMP),
};
const PRODUCER = '{"pdf":{"Producer":"tests"}}';

/** A catalog, a page tree of one page with `page`, and whatever follows. */
const objects = (page: string, pages = '', ...more: PdfSource[]): PdfSource[] => [
  `<</Type/Catalog/Pages 2 0 R${more.length > 0 ? '/Metadata 4 0 R' : ''}>>`,
  `<</Type/Pages/Kids[3 0 R]/Count 1${pages}>>`,
  `<</Type/Page/Parent 2 0 R${page}>>`,
  ...more,
];

const A5 = '/MediaBox[0 0 420 595]';
const PAGE = { format: 'pdf', width: 420, height: 595 };

const sizeOf = (file: Uint8Array) => {
  const { width, height } = probeWhole(file, DIMENSIONS);
  return [width, height];
};

test('answers as libvips renders it', () => {
  expect(expectSameInAnyRounds(pdf(objects(A5)))).toEqual({
    format: 'pdf',
    mimeType: 'application/pdf',
    video: false,
    raw: false,
    width: 420,
    height: 595,
    orientation: 1,
    exif: '{}',
    colorspace: 'srgb',
    bands: 4,
    sampleFormat: 'uchar',
    pagesNumber: 1,
  });
});

test.each([
  ['/MediaBox[0 0 200 100]', '', 200, 100],
  ['/MediaBox [ 200 -100 -.5 +0.4 ]', '', 200, 100],
  ['/MediaBox[0 0 200.5 101.5]', '', 200, 102],
  ['/MediaBox[0 0 200 100]/CropBox[10 20 110 90]', '', 100, 70],
  ['/MediaBox[0 0 200 100]/CropBox[0 0 0 0]', '', 200, 100],
  ['/MediaBox[0 0 200 100]/CropBox[-50 0 150 100]', '', 150, 100],
  ['/MediaBox[0 0 200 100]/CropBox[900 900 950 950]', '', 200, 100],
  ['/MediaBox[0 0 200 100]/CropBox[0 0 50]', '', 200, 100],
  ['/CropBox[0 0 30 40]', '', 30, 40],
  ['', '', 612, 792],
  ['', '/MediaBox[0 0 200 100]', 200, 100],
  ['/MediaBox[0 0 50 60]', '/MediaBox[0 0 300 400]/CropBox[0 0 40 100]', 40, 60],
  ['/MediaBox[0 0 200 100]/Rotate 90', '', 100, 200],
  ['/MediaBox[0 0 200 100]/Rotate -90', '', 100, 200],
  ['/MediaBox[0 0 200 100]/Rotate 450', '', 100, 200],
  ['/MediaBox[0 0 200 100]/Rotate 180', '/Rotate 90', 200, 100],
  ['/MediaBox[0 0 200 100]', '/Rotate 270', 100, 200],
  ['/MediaBox[0 0 200 100]/Rotate 45', '', 200, 100],
  ['/MediaBox[0 0 200 100]/UserUnit 2', '', 200, 100],
  ['/Media#42ox[0 0 200 100]', '', 200, 100],
  ['/A(\\(/MediaBox[0 0 9 9])/B<2F>/MediaBox%[0 0 9 9]\n[0 0 200 100]', '', 200, 100],
  ['/A<</MediaBox[0 0 9 9]>>/B[[/MediaBox[0 0 9 9]]]/MediaBox[0 0 200 100]', '', 200, 100],
  ['/MediaBox[0 0 0.3 0.4]', '', 1, 1],
])('takes the size from a page with %s below a node with %s', (page, pages, width, height) => {
  expect(sizeOf(pdf(objects(page, pages)))).toEqual([width, height]);
});

test('resolves references to boxes and in boxes', () => {
  const file = pdf([...objects('/MediaBox 4 0 R'), '[0 0 5 0 R 6 0 R]', '200', '100']);
  expect(expectSameInAnyRounds(file)).toMatchObject({ width: 200, height: 100 });
});

test('counts the pages by the root of their tree, and goes down to the first', () => {
  const file = pdf([
    '<</Type/Catalog/Pages 2 0 R>>',
    '<</Type/Pages/Count 40/Kids[3 0 R 4 0 R]/MediaBox[0 0 9 9]>>',
    '<</Type/Pages/Count 0/Kids[]>>',
    '<</Type/Pages/Count 40/Kids[5 0 R 2 0 R]/MediaBox[0 0 420 595]>>',
    '<</Type/Page>>',
  ]);
  expect(expectSameInAnyRounds(file)).toMatchObject({ ...PAGE, pagesNumber: 40 });
  expect(probeWhole(file, DIMENSIONS).pagesNumber).toBe(1);
});

test('reads cross-reference streams and object streams', () => {
  const file = compressedPdf(objects(A5, '', metadata));
  expect(expectSameInAnyRounds(file)).toMatchObject({ ...PAGE, xmp: PRODUCER });
});

test('reads a file that is not at the start of its bytes', () => {
  const junk = Buffer.from('\x1b%-12345X@PJL ENTER LANGUAGE=PDF\r\n');
  for (const file of [pdf(objects(A5)), compressedPdf(objects(A5))]) {
    expect(expectSameInAnyRounds(Buffer.concat([junk, file]))).toMatchObject(PAGE);
  }
});

test('takes a PDF that is stored in an archive for none', () => {
  const file = Buffer.concat([Buffer.from('PK\x03\x04 a.pdf'), pdf(objects(A5))]);
  expect(() => probeWhole(file)).toThrow(/^(?!pdf)/);
});

describe('XMP', () => {
  test.each([
    ['plain', pdf(objects(A5, '', metadata))],
    ['deflated', pdf(objects(A5, '', deflatedMetadata))],
    [
      'of a length that stands elsewhere',
      pdf([
        ...objects(
          A5,
          '',
          `<</Type/Metadata/Length 5 0 R>>stream\n${XMP.toString('latin1')}\nendstream`,
        ),
        `${XMP.length}`,
      ]),
    ],
    [
      'of a wrong length',
      pdf(
        objects(
          A5,
          '',
          `<</Type/Metadata/Length 10>>\nstream\n${XMP.toString('latin1')}\nendstream`,
        ),
      ),
    ],
  ])('is read, %s', (_, file) => {
    expect(expectSameInAnyRounds(file)).toMatchObject({ ...PAGE, xmp: PRODUCER });
  });

  test.each([
    ['damaged', { dictionary: '/Filter/FlateDecode', data: Buffer.from('no such data') }],
    ['filtered in an unknown way', { dictionary: '/Filter/JBIG2Decode', data: XMP }],
    ['no stream', '<</Type/Metadata>>'],
    ['another object', '5'],
  ] as [string, PdfSource][])('is left out where it is %s', (_, source) => {
    const info = expectSameInAnyRounds(pdf(objects(A5, '', source)));
    expect(info).toMatchObject(PAGE);
    expect(info).not.toHaveProperty('xmp');
  });

  test('is neither fetched nor read where it is not wanted', () => {
    const large = { dictionary: '', data: Buffer.alloc(3_000_000, ' ') };
    const file = pdf(objects(A5, '', large));
    const { info, bytes } = probeInRounds(file, { ...EVERYTHING, xmp: false }, 16384);
    expect(info).toMatchObject(PAGE);
    expect(bytes).toBeLessThan(60_000);
  });

  test('is left out where it is longer than its limit', () => {
    const file = pdf(objects(A5, '', { dictionary: '', data: Buffer.alloc(17 << 20, ' ') }));
    const { info, bytes } = probeInRounds(file, DEFAULTS, 16384);
    expect(info).toMatchObject(PAGE);
    expect(bytes).toBeLessThan(60_000);
  });
});

describe('updates', () => {
  const original = pdf(objects('/MediaBox[0 0 9 9]'));
  const start = Number(/startxref\n(\d+)/.exec(original.toString('latin1'))![1]);
  const changed = indirect(3, `<</Type/Page/Parent 2 0 R${A5}>>`);

  /** The original with page 3 in an update that leads to `previous`. */
  function update(previous: number): Buffer {
    const at = original.length;
    const entry = `${String(at).padStart(10, '0')} 00000 n \n`;
    const section = `xref\n3 1\n${entry}trailer\n<</Size 4/Root 1 0 R/Prev ${previous}>>\n`;
    return Buffer.concat([
      original,
      changed,
      Buffer.from(`${section}startxref\n${at + changed.length}\n%%EOF\n`),
    ]);
  }

  test('count before what they update', () => {
    expect(expectSameInAnyRounds(update(start))).toMatchObject(PAGE);
  });

  test('that lead in a circle end', () => {
    const file = update(original.length + changed.length);
    expect(expectSameInAnyRounds(file)).toMatchObject(PAGE);
  });

  test('hide objects in a stream from old readers', () => {
    // A hybrid file: the table calls object 3 free, the stream of XRefStm has it.
    const base = pdf(objects('')).toString('latin1');
    const body = base.slice(0, base.indexOf('3 0 obj'));
    const page = `3 0 obj\n<</Type/Page${A5}>>\nendobj\n`;
    const stream = Buffer.alloc(5);
    stream[0] = 1;
    stream.writeUInt32BE(body.length, 1);
    const streamAt = body.length + page.length;
    const xref = indirect(9, {
      dictionary: '/Type/XRef/W[1 4 0]/Index[3 1]/Size 9/Root 1 0 R',
      data: stream,
    }).toString('latin1');
    const offsets = [1, 2].map((n) => body.indexOf(`${n} 0 obj`));
    const entries = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`);
    const file = Buffer.from(
      `${body}${page}${xref}xref\n0 4\n0000000003 65535 f \n${entries.join('')}` +
        `0000000000 00000 f \ntrailer\n<</Size 4/Root 1 0 R/XRefStm ${streamAt}>>\n` +
        `startxref\n${streamAt + xref.length}\n%%EOF\n`,
      'latin1',
    );
    expect(expectSameInAnyRounds(file)).toMatchObject(PAGE);
  });
});

describe('encrypted with an empty password', () => {
  test.each([
    ['RC4', encryption128('V2')],
    ['AES of 128 bits', encryption128('AESV2')],
    ['AES of 128 bits, plain metadata', encryption128('AESV2', false), false],
    ['AES of 256 bits', encryption256(5)],
    ['AES of 256 bits, hardened', encryption256(6)],
  ])('reads pages in object streams and XMP: %s', (_, scheme, encryptsMetadata = true) => {
    const encrypt = (data: Buffer, number: number) =>
      number === 4 && !encryptsMetadata ? data : scheme.encrypt(data, number);
    const file = compressedPdf([...objects(A5, '', deflatedMetadata), scheme.dictionary], {
      trailer: `/Encrypt 5 0 R/ID${scheme.id}`,
      encrypt,
      apart: [5],
    });
    expect(expectSameInAnyRounds(file)).toMatchObject({ ...PAGE, xmp: PRODUCER });
  });

  test('survives damage', () => {
    for (const { dictionary, id, encrypt } of [encryption128('AESV2'), encryption256(5)]) {
      const layout = { trailer: `/Encrypt 4 0 R/ID${id}`, encrypt, apart: [4] };
      expectBoundedUnderDamage(compressedPdf([...objects(A5), dictionary], layout));
    }
  });

  test('reads the pages of what takes a password where they are plain', () => {
    const { id, dictionary } = encryption256(6);
    const file = pdf([...objects(A5, '', metadata), dictionary], {
      trailer: `/Encrypt 5 0 R/ID${id}`,
    });
    const info = probeWhole(file);
    expect(info).toMatchObject(PAGE);
    expect(info).not.toHaveProperty('xmp');
  });

  test('reads the pages of an unknown scheme where they are plain', () => {
    const file = pdf([...objects(A5, '', metadata), '<</Filter/Other/V 9>>'], {
      trailer: '/Encrypt 5 0 R',
    });
    const info = probeWhole(file);
    expect(info).toMatchObject(PAGE);
    expect(info).not.toHaveProperty('xmp');
  });
});

describe('damaged', () => {
  const file = pdf(objects(A5, '', metadata), { before: `%${' '.repeat(3000)}\n` });
  const text = file.toString('latin1');
  const bytes = (changed: string) => Buffer.from(changed, 'latin1');

  test.each([
    ['without startxref', text.replace('startxref', 'startxxxx')],
    ['with startxref nowhere', text.replace(/startxref\n\d+/, 'startxref\n99999999')],
    ['with startxref elsewhere', text.replace(/startxref\n\d+/, 'startxref\n77')],
    ['with a table of wrong offsets', text.replace(/^0000003/gm, '0000004')],
    ['with a table of garbage', text.replace(/^0000003/gm, 'x000003')],
    ['without a trailer', text.slice(0, text.indexOf('trailer'))],
    ['with a table that begins at the wrong number', text.replace('xref\n0 5', 'xref\n1 5')],
    ['without a table', text.slice(0, text.indexOf('xref'))],
  ])('reads a file %s by a scan', (_, changed) => {
    const info = expectSameInAnyRounds(bytes(changed));
    expect(info).toMatchObject({ ...PAGE, xmp: PRODUCER });
  });

  test('reads object streams by a scan', () => {
    const changed = compressedPdf(objects(A5)).toString('latin1').replace('startxref', 'x');
    expect(expectSameInAnyRounds(bytes(changed))).toMatchObject(PAGE);
    const cut = changed.slice(0, changed.lastIndexOf('6 0 obj'));
    expect(expectSameInAnyRounds(bytes(cut))).toMatchObject(PAGE);
  });

  test('reads single pages where the tree is lost', () => {
    const page = `<</Type/Page${A5}>>`;
    const lost = Buffer.concat([
      Buffer.from('%PDF-1.4\n'),
      indirect(7, page),
      indirect(8, '<</Type/Page/MediaBox[0 0 9 9]>>'),
    ]);
    expect(expectSameInAnyRounds(lost)).toMatchObject({ ...PAGE, pagesNumber: 2 });
  });

  test.each([
    ['is a header alone', '%PDF-1.4\n'],
    ['has no page', pdf(['<</Type/Catalog/Pages 2 0 R>>', '<</Kids[]>>']).toString('latin1')],
    [
      'has a page tree in a circle',
      pdf(['<</Type/Catalog/Pages 2 0 R>>', '<</Kids[2 0 R]>>']).toString('latin1'),
    ],
    ['refers to itself', pdf(['<</Type/Catalog/Pages 2 0 R>>', '2 0 R']).toString('latin1')],
    [
      'nests too deep',
      pdf(['<</Type/Catalog/Pages 2 0 R>>', '['.repeat(100_000)]).toString('latin1'),
    ],
    [
      'has an impossible page',
      pdf(objects(`/MediaBox[0 0 ${'9'.repeat(200)} 5]`)).toString('latin1'),
    ],
  ])('refuses a file that %s', (_, changed) => {
    expect(() => probeWhole(bytes(changed))).toThrow(/^pdf: /);
  });

  test('takes bounded time over hostile files', () => {
    const probeAll = () => {
      for (const unit of [
        '1 0 obj\n',
        '1 0 obj<<',
        '1 0 obj[',
        '(',
        'trailer<<',
        '9 0 R ',
        '<</A',
      ]) {
        const hostile = `%PDF-1.4\n${unit.repeat(3_000_000 / unit.length)}`;
        expect(() => probeWhole(bytes(hostile))).toThrow();
      }
      const data = deflateSync(Buffer.alloc(100 << 20));
      const bomb = { dictionary: '/Filter/FlateDecode', data };
      expect(probeWhole(pdf(objects(A5, '', bomb)))).toMatchObject(PAGE);
    };
    expect(cpuTimeOf(probeAll)).toBeLessThan(8000);
  });

  test('survives damage', () => {
    expectBoundedUnderDamage(pdf(objects(A5, '', metadata)));
    expectBoundedUnderDamage(compressedPdf(objects(A5, '', metadata)));
  });
});

describe('costs', () => {
  const filler = { dictionary: '', data: Buffer.alloc(2_000_000, 'x') };

  test('two rounds where catalog and pages stand at the end', () => {
    const file = pdf(objects(A5, '', metadata), { before: `%${'x'.repeat(3_000_000)}\n` });
    const { rounds, bytes } = probeInRounds(file);
    expect(rounds).toBe(2);
    expect(bytes).toBeLessThanOrEqual(65536 + 32768);
  });

  test('two rounds where they stand at the start', () => {
    const file = pdf([...objects(A5, '', metadata), filler]);
    const { rounds, bytes } = probeInRounds(file);
    expect(rounds).toBe(2);
    expect(bytes).toBeLessThanOrEqual(65536 + 32768);
  });

  test('three rounds where the tree, the page and XMP are far apart', () => {
    const more = [...objects(A5, '', metadata), filler];
    const order = [3, 4, 2, 0, 1].map((i) => more[i]!);
    const numbers = [4, 5, 3, 1, 2];
    const parts: Buffer[] = [Buffer.from(`%PDF-1.7\n%${'x'.repeat(100_000)}\n`)];
    const offsets: number[] = [];
    let length = parts[0]!.length;
    for (const [i, source] of order.entries()) {
      const part = indirect(numbers[i]!, source);
      offsets[numbers[i]! - 1] = length;
      length += part.length;
      parts.push(part);
    }
    const file = Buffer.concat([...parts, table(offsets, '', length)]);
    const { info, rounds } = probeInRounds(file);
    expect(info).toMatchObject({ ...PAGE, xmp: PRODUCER });
    expect(rounds).toBe(3);
  });

  test('one round for a linearized file', () => {
    const head = '%PDF-1.7\n';
    const rest = Buffer.alloc(3_000_000, 'x');
    // The lengths of the numbers do not change between the two passes.
    const build = (length: number, at: number) => {
      const first = `1 0 obj\n<</Linearized 1/L ${length}/H[0 0]/O 3/E 900/N 7/T 1000>>\nendobj\n`;
      const catalog = '2 0 obj\n<</Type/Catalog/Pages 9 0 R/Metadata 4 0 R>>\nendobj\n';
      const page = `3 0 obj\n<</Type/Page${A5}>>\nendobj\n`;
      const offsets = [head.length, at, at + catalog.length, at + catalog.length + page.length];
      const section = table(offsets, '/Prev 1000', 0).toString('latin1').replace('1 0 R', '2 0 R');
      return Buffer.concat([
        Buffer.from(head + first + section + catalog + page),
        indirect(4, metadata),
        rest,
        Buffer.from('\nstartxref\n0\n%%EOF\n'),
      ]);
    };
    const draft = build(3_000_000, 999);
    const file = build(draft.length, draft.indexOf('2 0 obj'));
    const { info, rounds, bytes } = probeInRounds(file, EVERYTHING, 4096);
    expect(info).toMatchObject({ ...PAGE, pagesNumber: 7, xmp: PRODUCER });
    expect(rounds).toBe(1);
    expect(bytes).toBe(4096);
    // One that was updated is read by its end.
    const updated = Buffer.concat([file, pdf(objects('/MediaBox[0 0 9 9]'))]);
    expect(() => probeWhole(updated)).not.toThrow();
  });
});

const corpus = '../shared/corpus';

describe.skipIf(!existsSync(corpus))('in the corpus', () => {
  test.each([
    ['libvips__ISO_12233-reschart.pdf', 1134, 680, 1],
    ['libvips__blankpage.pdf', 595, 842, 1],
    ['libvips__cmyktest.pdf', 595, 842, 1],
    ['libvips__page-box.pdf', 709, 955, 1],
    ['synth__three-pages-info.pdf', 200, 100, 3],
  ])('reads %s', (name, width, height, pagesNumber) => {
    const file = readFileSync(`${corpus}/pdf/${name}`);
    const info = expectSameInAnyRounds(file);
    expect(info).toMatchObject({ format: 'pdf', width, height, pagesNumber });
    expect(info.xmp !== undefined).toBe(/cmyktest|page-box/.test(name));
    expect(probeInRounds(file).rounds).toBeLessThanOrEqual(3);
  });

  test('refuses synth__pdf-cut.pdf', () => {
    const file = readFileSync(`${corpus}/broken/synth__pdf-cut.pdf`);
    expect(() => probeWhole(file)).toThrow('pdf: ');
  });
});

describe('what unpacks to gigabytes', () => {
  const spaces = (text: string, mebibytes: number) =>
    deflateSync(Buffer.from(text.padEnd(Math.round(mebibytes * 2 ** 20))), { level: 9 });

  /** A page tree of as many nodes, each in an object stream of its own. */
  function nested(nodes: number, mebibytes: number): Buffer {
    const body = (i: number) => {
      if (i === 1) return '<</Type/Catalog/Pages 2 0 R>>';
      return i < nodes ? `<</Type/Pages/Count 1/Kids[${i + 1} 0 R]>>` : `<</Type/Page${A5}>>`;
    };
    const parts: Buffer[] = [Buffer.from('%PDF-1.7\n')];
    const rows = [Buffer.from([0, 0, 0, 0, 0])];
    const numbers = Array.from({ length: nodes }, (_, i) => i + 1);
    const row = (type: number, field: number) => {
      const made = Buffer.from([type, 0, 0, 0, 0]);
      made.writeUInt32BE(field, 1);
      rows.push(made);
    };
    for (const number of numbers) row(2, nodes + number);
    for (const number of numbers) {
      row(1, Buffer.concat(parts).length);
      const dictionary = '/Type/ObjStm/N 1/First 16/Filter/FlateDecode';
      const data = spaces(`${number} 0 `.padEnd(16) + body(number), mebibytes);
      parts.push(indirect(nodes + number, { dictionary, data }));
    }
    const start = Buffer.concat(parts).length;
    const dictionary = `/Type/XRef/W[1 4 0]/Size ${rows.length}/Root 1 0 R`;
    parts.push(indirect(2 * nodes + 1, { dictionary, data: Buffer.concat(rows) }));
    return Buffer.concat([...parts, Buffer.from(`startxref\n${start}\n%%EOF\n`)]);
  }

  test('is unpacked up to a sum of all object streams', () => {
    expect(probeInRounds(nested(20, 0.01)).info).toMatchObject(PAGE);
    expect(() => probeInRounds(nested(20, 4))).toThrow('unpack to too much');
  });

  test('is unpacked up to a sum of all cross-reference streams', () => {
    const section = (mebibytes: number, previous: string) => ({
      dictionary: `/Type/XRef/W[1 4 0]/Size 9/Index[900 9]/Filter/FlateDecode/Root 1 0 R${previous}`,
      data: spaces('', mebibytes),
    });
    // A scan of both ends, which is made where the sections cannot be read, finds no object.
    const filler = `%${' '.repeat(1_200_000)}\n`;
    const chained = (mebibytes: number): Buffer => {
      const parts: Uint8Array[] = [pdf(objects(A5), { before: filler }), Buffer.from(filler)];
      let start = Buffer.from(parts[0]!).lastIndexOf('xref\n0');
      for (let i = 0; i < 6; i++) {
        const { length } = Buffer.concat(parts);
        parts.push(indirect(20 + i, section(mebibytes, `/Prev ${start}`)));
        start = length;
      }
      return Buffer.concat([...parts, Buffer.from(`startxref\n${start}\n%%EOF\n`)]);
    };
    expect(probeInRounds(chained(0.01)).info).toMatchObject(PAGE);
    expect(() => probeInRounds(chained(8))).toThrow('no catalog');
  });
});
