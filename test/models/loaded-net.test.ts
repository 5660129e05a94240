import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { NetType } from '../../src/models/detection/families.ts';
import type { FoundBox } from '../../src/models/detection/found.ts';
import { loadNet } from '../../src/models/loaded-net.ts';
import type { ClassificationNet, DetectionNet } from '../../src/models/net.ts';
import type { NetPixels } from '../../src/native.ts';
import {
  makeClassificationNet,
  makeDetectionNet,
  SIDE,
  type TinyInput,
  type TinyKind,
} from './nets.ts';
import { HAS_RUNTIME } from './runtime.ts';

type Rgb = readonly [number, number, number];

const BYTES: TinyInput = { scale: 1 / 255 };
const GREY = 114 / 255;

let folder: string;
let files = 0;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'imgpeek-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function write(net: Buffer): string {
  const path = join(folder, `${++files}.onnx`);
  writeFileSync(path, net);
  return path;
}

function draw(width: number, height: number, color: (x: number, y: number) => Rgb): NetPixels {
  const rgb = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; ++y) {
    for (let x = 0; x < width; ++x) rgb.set(color(x, y), (y * width + x) * 3);
  }
  return { width, height, rgb };
}

/** A detecting net of the kind, asked about a picture. */
async function detect(
  file: Buffer,
  type: NetType,
  pixels: NetPixels,
  more: Partial<DetectionNet> = {},
): Promise<FoundBox[]> {
  const net: DetectionNet = {
    task: 'detection',
    path: write(file),
    side: SIDE,
    classes: 3,
    type,
    threshold: 0.7,
    overlap: 0.5,
    swapRb: false,
    ...more,
  };
  const ask = await loadNet(net, 1);
  return (await ask(pixels)) as FoundBox[];
}

async function classify(file: Buffer, pixels: NetPixels, more: Partial<ClassificationNet> = {}) {
  const net: ClassificationNet = {
    task: 'classification',
    path: write(file),
    side: SIDE,
    classes: 3,
    normalization: 'none',
    order: 'nchw',
    ...more,
  };
  const ask = await loadNet(net, 1);
  return [...((await ask(pixels)) as Float32Array)];
}

/** Black, but for the cell in the second row and third column. */
const CELL_AT = (color: Rgb) =>
  draw(SIDE, SIDE, (x, y) => (x >= 16 && x < 24 && y >= 8 && y < 16 ? color : [0, 0, 0]));
/** The box of that cell: its middle is (20, 12), its sides are 16. */
const BOX = { left: 12 / 32, top: 4 / 32, width: 0.5, height: 0.5 };

describe.skipIf(!HAS_RUNTIME)('a net that finds objects', () => {
  it.each<[NetType, TinyKind, TinyInput, number, number, Rgb]>([
    ['yolox', 'objectness', BYTES, 0, 0.8, [255, 204, 51]],
    ['yolov4', 'fractions', {}, 1, 0.8, [102, 204, 51]],
    ['yolov5', 'objectness', {}, 1, 0.8, [255, 51, 204]],
    ['yolov6', 'objectness', {}, 0, 0.72, [229.5, 204, 51]],
    ['yolov7', 'objectness', {}, 1, 1, [255, 0, 255]],
    ['yolov8', 'columns', {}, 0, 0.8, [204, 102, 51]],
    ['yolov9', 'columns', {}, 1, 0.8, [102, 204, 51]],
    ['yolov10', 'columns', {}, 2, 0.8, [102, 51, 204]],
    ['yolov10', 'final', {}, 1, 0.8, [204, 0, 0]],
    ['yolov10', 'rows', {}, 2, 0.8, [102, 51, 204]],
    ['yolov11', 'columns', {}, 2, 1, [0, 0, 255]],
    ['yolo-nas', 'corners', {}, 2, 0.8, [102, 51, 204]],
  ])('%s (%s) is read', async (type, kind, input, classId, confidence, color) => {
    const hasTwo = kind === 'objectness' || kind === 'gridded';
    const found = await detect(
      makeDetectionNet(kind, input),
      type,
      CELL_AT(color.map(Math.round) as unknown as Rgb),
      { classes: hasTwo ? 2 : 3 },
    );
    expect(found).toEqual([{ classId, confidence: expect.closeTo(confidence, 2), ...BOX }]);
  });

  it('yolox is read where its boxes are by the cells of grids', async () => {
    const found = await detect(
      makeDetectionNet('gridded', BYTES),
      'yolox',
      CELL_AT([255, 255, 0]),
      {
        classes: 2,
      },
    );
    const cell = { left: 0.5, top: 0.25, width: 0.25, height: 0.25 };
    expect(found).toEqual([{ classId: 0, confidence: 1, ...cell }]);
    const all = await detect(
      makeDetectionNet('gridded', BYTES),
      'yolox',
      draw(SIDE, SIDE, () => [255, 0, 255]),
      { classes: 2, overlap: 0.2 },
    );
    // The cells of 8 pixels do not overlap each other, the others do overlap some of these or all.
    expect(all).toHaveLength(16 + 1);
    expect(all.at(-1)).toEqual({ classId: 1, confidence: 1, left: 0, top: 0, width: 1, height: 1 });
  });

  it('has its input in the order, the type and the open sides that its file says', async () => {
    const inputs: TinyInput[] = [
      { order: 'nhwc' },
      { type: 'float16' },
      { shape: ['batch', 3, 'height', 'width'] },
      { order: 'nhwc', type: 'float16', shape: ['n', SIDE, SIDE, 3] },
    ];
    for (const input of inputs) {
      const found = await detect(
        makeDetectionNet('columns', input),
        'yolov8',
        CELL_AT([204, 0, 0]),
      );
      expect(found).toEqual([{ classId: 0, confidence: expect.closeTo(0.8, 3), ...BOX }]);
    }
    const bytes = { order: 'nhwc', type: 'uint8', ...BYTES } as const;
    const found = await detect(
      makeDetectionNet('objectness', bytes),
      'yolox',
      CELL_AT([255, 204, 0]),
      {
        classes: 2,
      },
    );
    expect(found).toEqual([{ classId: 0, confidence: expect.closeTo(0.8, 3), ...BOX }]);
  });

  it('has red and blue swapped where that is said', async () => {
    const [found] = await detect(makeDetectionNet('columns'), 'yolov8', CELL_AT([204, 0, 0]), {
      swapRb: true,
    });
    expect(found?.classId).toBe(2);
  });

  it('gets a picture that is no square with grey about it', async () => {
    const wide = draw(SIDE, 16, () => [0, 0, 0]);
    const asked = { threshold: 0.1, overlap: 0.99 } as const;
    // Rows of cells: two of the picture, which stands in the middle, between two of grey.
    const center = await detect(makeDetectionNet('columns'), 'yolov8', wide, asked);
    // Of the grey cells those count whose boxes reach into the picture: all eight.
    expect(center).toHaveLength(8);
    for (const { confidence, top, height } of center) {
      expect(confidence).toBeCloseTo(GREY, 5);
      // 8 pixels beyond the cell of 8: the grey cell above reaches 4 pixels of 16 into it.
      expect([top, height]).toEqual([top === 0 ? 0 : 0.75, 0.25]);
    }
    const corner = await detect(makeDetectionNet('objectness', BYTES), 'yolox', wide, {
      ...asked,
      classes: 2,
    });
    expect(corner).toHaveLength(4);
    for (const { confidence, top, height } of corner) {
      expect(confidence).toBeCloseTo(GREY * GREY, 5);
      expect([top, height]).toEqual([0.75, 0.25]);
    }
  });

  it('leaves of boxes of a class that overlap the most confident one', async () => {
    const two = draw(SIDE, SIDE, (x, y) => {
      if (y >= 8) return [0, 0, 0];
      if (x < 8) return [204, 0, 0];
      return x < 16 ? [255, 0, 230] : [0, 0, 0];
    });
    // The boxes of neighbours share 8 of their 16 pixels: 1/3 of both.
    const net = makeDetectionNet('columns');
    expect(await detect(net, 'yolov8', two, { overlap: 0.34 })).toHaveLength(2);
    const left = await detect(net, 'yolov8', two, { overlap: 0.33 });
    expect(left.map(({ confidence }) => confidence)).toEqual([1]);
  });

  it.each<[string, () => Buffer, Partial<DetectionNet>, RegExp]>([
    [
      'is no model',
      () => Buffer.from('none'),
      {},
      /^IMGPROXY_OBJECT_DETECTION_NET cannot be loaded/,
    ],
    [
      'has another size',
      () => makeDetectionNet('columns'),
      { side: 64 },
      /has an input of float32 1×3×32×32, where IMGPROXY_OBJECT_DETECTION_NET_SIZE is 64/,
    ],
    [
      'has as many classes as the file of names has not',
      () => makeDetectionNet('columns'),
      { classes: 80 },
      /gives 1×7×16, where a yolov8 net gives 1×\(4\+C\)×N or 1×K×6, C being 80/,
    ],
    [
      'is of another kind',
      () => makeDetectionNet('corners'),
      { type: 'yolov5' },
      /gives 1×16×3 and 1×16×4/,
    ],
    [
      'takes bytes and wants other values',
      () => makeDetectionNet('columns', { type: 'uint8', ...BYTES }),
      {},
      /takes bytes/,
    ],
  ])('is a mistake where it %s', async (_, make, more, message) => {
    await expect(detect(make(), 'yolov8', CELL_AT([0, 0, 0]), more)).rejects.toThrow(message);
  });
});

describe.skipIf(!HAS_RUNTIME)('a net that tells classes', () => {
  /** 51, 102 and 204 of 255 in the mean. */
  const PICTURE = draw(SIDE, SIDE, (x) => (x % 2 ? [102, 204, 255] : [0, 0, 153]));

  it.each([
    ['none', { by: 1 / 255 }, [0.2, 0.4, 0.8]],
    ['half', {}, [0.2, 0.4, 0.8]],
    ['full', { by: 0.25, plus: 0.5 }, [0.35, 0.45, 0.65]],
    // (value - mean) / deviation, by 0.1 and half.
    [
      'imagenet',
      { by: 0.1, plus: 0.5 },
      [0.5 + 0.1 * (-0.285 / 0.229), 0.5 + 0.1 * (-0.056 / 0.224), 0.5 + 0.1 * (0.394 / 0.225)],
    ],
  ] as const)('gets values normalized: %s', async (normalization, net, expected) => {
    for (const order of ['nhwc', 'nchw'] as const) {
      const file = makeClassificationNet({ ...net, order });
      const found = await classify(file, PICTURE, { normalization, order });
      expected.forEach((value, at) => {
        expect(found[at]).toBeCloseTo(value, 5);
      });
    }
  });

  it('gives logits where a value is no probability, of which a softmax makes some', async () => {
    const found = await classify(makeClassificationNet({ by: 10 }), PICTURE, {
      normalization: 'half',
    });
    const [red, green, blue] = [Math.exp(2), Math.exp(4), Math.exp(8)];
    const sum = red + green + blue;
    expect(found[0]).toBeCloseTo(red / sum, 5);
    expect(found[1]).toBeCloseTo(green / sum, 5);
    expect(found[2]).toBeCloseTo(blue / sum, 5);
    // For black it is -0.1, so that for the picture it is a logit too.
    const signed = await classify(makeClassificationNet({ plus: -0.1 }), PICTURE, {
      normalization: 'half',
    });
    expect(signed.reduce((one, other) => one + other)).toBeCloseTo(1, 5);
    expect(signed[2]! / signed[1]!).toBeCloseTo(Math.exp(0.4), 4);
  });

  it.each<[string, () => Buffer, Partial<ClassificationNet>, RegExp]>([
    [
      'has its channels elsewhere',
      () => makeClassificationNet(),
      { order: 'nhwc' },
      /^IMGPROXY_CLASSIFICATION_NET has an input of float32 1×3×32×32, where IMGPROXY_CLASSIFICATION_NET_SIZE is 32 and IMGPROXY_CLASSIFICATION_LAYOUT nhwc/,
    ],
    [
      'has other classes',
      () => makeClassificationNet(),
      { classes: 4 },
      /gives 1×3, where IMGPROXY_CLASSIFICATION_CLASSES names 4 classes/,
    ],
  ])('is a mistake where it %s', async (_, make, more, message) => {
    await expect(classify(make(), PICTURE, more)).rejects.toThrow(message);
  });
});
