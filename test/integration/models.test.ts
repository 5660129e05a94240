import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  makeClassificationNet,
  makeDetectionNet,
  makeHangingNet,
  type TinyInput,
  type TinyKind,
} from '../models/nets.ts';
import { HAS_RUNTIME } from '../models/runtime.ts';
import type { Color } from '../native/pixels/describing.ts';
import { makeFilm } from '../native/pixels/films.ts';
import { makePng } from '../native/pixels/pictures.ts';
import { Origin, serve as serveRanges } from '../source/origin.ts';
import { type Running, startServer } from './running.ts';
import { childrenOf } from './usage.ts';

type Env = Record<string, string>;

const BYTES: TinyInput = { scale: 1 / 255 };
const CLASSES = 'red\ngreen=3\nblue\n';

let folder: string;
let origin: Origin;
let server: Running | undefined;
let files = 0;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'imgpeek-'));
});
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(async () => {
  origin = await Origin.start();
});
afterEach(async () => {
  await server?.stop();
  server = undefined;
  await origin.close();
});

function write(content: Buffer | string): string {
  const path = join(folder, `${++files}`);
  writeFileSync(path, content);
  return path;
}

/** The variables that name a net which finds objects, of three classes as a rule. */
function detecting(kind: TinyKind = 'columns', input: TinyInput = {}, more: Env = {}): Env {
  return {
    IMGPROXY_OBJECT_DETECTION_NET: write(makeDetectionNet(kind, input)),
    IMGPROXY_OBJECT_DETECTION_NET_TYPE: 'yolov8',
    IMGPROXY_OBJECT_DETECTION_NET_SIZE: '32',
    IMGPROXY_OBJECT_DETECTION_CLASSES: write(CLASSES),
    ...more,
  };
}

/** The variables that name a net which tells classes. */
function classifying(
  net: Buffer = makeClassificationNet({ order: 'nhwc', by: 1 / 255 }),
  more: Env = {},
): Env {
  return {
    IMGPROXY_CLASSIFICATION_NET: write(net),
    IMGPROXY_CLASSIFICATION_NET_SIZE: '32',
    IMGPROXY_CLASSIFICATION_CLASSES: write(CLASSES),
    ...more,
  };
}

/** Black, with cells of 8 pixels in these colours. */
function cells(...some: [column: number, row: number, color: Color][]): Buffer {
  return makePng(32, 32, (x, y) => {
    const found = some.find(([column, row]) => x >> 3 === column && y >> 3 === row);
    return found?.[2] ?? [0, 0, 0, 255];
  });
}

function even(color: Color): Buffer {
  return makePng(32, 32, () => color);
}

/** Starts imgpeek, and gives what asks it: the status, and the answer or the text. */
async function serve(env: Env = {}) {
  const running = await startServer(env);
  server = running;
  return async (options: string, picture: Buffer | string) => {
    const path = typeof picture === 'string' ? picture : `/${++files}`;
    if (typeof picture !== 'string') origin.on(path, serveRanges(picture));
    const response = await fetch(`${running.url}/info/_/${options}/plain/${origin.url(path)}`);
    const text = await response.text();
    return { status: response.status, answer: response.ok ? JSON.parse(text) : text };
  };
}

/** Runs a command to its end, which a start that fails soon has. */
function run(args: string[], env: Env, main = 'dist/main.js') {
  return spawnSync(process.execPath, [main, ...args], {
    env: {
      PATH: process.env.PATH,
      LD_PRELOAD: process.env.LD_PRELOAD,
      IMGPROXY_BIND: '127.0.0.1:0',
      ...env,
    },
    encoding: 'utf8',
  });
}

/** The box of the cell, which is twice as large and cut at the edges. */
function boxOf(column: number, row: number) {
  const along = (at: number) => {
    const from = Math.max(0, at * 8 - 4);
    return [from / 32, (Math.min(32, at * 8 + 12) - from) / 32];
  };
  const [left, width] = along(column);
  const [top, height] = along(row);
  return { left, top, width, height };
}

const RED: Color = [204, 0, 0, 255];
const GREEN: Color = [0, 153, 0, 255];
const BLUE: Color = [0, 0, 255, 255];
const TWO = cells([0, 0, RED], [2, 3, BLUE]);

describe.skipIf(!HAS_RUNTIME)('detect_objects', () => {
  it('tells objects, the most confident first, in fractions', async () => {
    const ask = await serve(detecting());
    const { status, answer } = await ask('do:1/s:0', TWO);
    expect(status).toBe(200);
    expect(answer.objects).toEqual([
      { class_id: 2, class_name: 'blue', confidence: 1, ...boxOf(2, 3) },
      { class_id: 0, class_name: 'red', confidence: expect.closeTo(0.8), ...boxOf(0, 0) },
    ]);
    expect((await ask('do:1', cells())).answer.objects).toEqual([]);
    expect((await ask('do:0', TWO)).answer.objects).toBeUndefined();
    expect(server?.output()).not.toContain('IMGPROXY_OBJECT_DETECTION_NET');
  });

  it('is of the whole picture, of one decode with other options', async () => {
    const threshold = { IMGPROXY_OBJECT_DETECTION_CONFIDENCE_THRESHOLD: '0.5' };
    const ask = await serve({ ...detecting('columns', {}, threshold), ...classifying() });
    const wide = makePng(64, 32, (x, y) => (x >= 48 && y < 16 ? [255, 0, 0, 255] : [0, 0, 0, 255]));
    // 64 × 32 become 32 × 16 in the middle of the square: one cell is red.
    const { answer } = await ask('do:1/cl:1/avg:1/bh:2:2/c:16:16:obj', wide);
    expect(answer.objects).toMatchObject([{ class_name: 'red', left: 0.625, top: 0 }]);
    expect(answer).toMatchObject({
      average: { R: 32, G: 0, B: 0, A: 255 },
      classes: [],
      blurhash: expect.any(String),
      crop: { width: 0.25, height: 0.5 },
    });
    expect(origin.seen).toHaveLength(1);
  });

  it('is of a frame of a film, where those are decoded', async () => {
    origin.on('/film', serveRanges(makeFilm([[81, 90, 240]])));
    const ask = await serve({ ...detecting(), IMGPROXY_ENABLE_VIDEO_THUMBNAILS: 'true' });
    const { answer } = await ask('do:1', '/film');
    expect(answer.objects[0]).toMatchObject({
      class_name: 'red',
      confidence: expect.closeTo(1, 1),
    });
    await server?.stop();
    const without = await serve(detecting());
    expect((await without('do:1', '/film')).answer.objects).toBeUndefined();
  });

  it('is left out where there is no model, with one warning at the start', async () => {
    const ask = await serve();
    const { status, answer } = await ask('do:1/cl:3/c:8:8:obj:red/avg:1', TWO);
    expect([status, answer.objects, answer.classes, answer.crop]).toEqual([
      200,
      undefined,
      undefined,
      undefined,
    ]);
    expect(answer.average).toMatchObject({ A: 255 });
    const warning =
      'Left out of answers: detect_objects, without IMGPROXY_OBJECT_DETECTION_NET; classify, without IMGPROXY_CLASSIFICATION_NET';
    expect(server?.output().split(warning)).toHaveLength(2);
  });
});

describe.skipIf(!HAS_RUNTIME)('the net that finds objects', () => {
  it('is of IMGPROXY_OBJECT_DETECTION_NET_TYPE', async () => {
    const two = write('green\nblue');
    const yolov5 = {
      IMGPROXY_OBJECT_DETECTION_NET_TYPE: 'yolov5',
      IMGPROXY_OBJECT_DETECTION_CLASSES: two,
    };
    const yellow: Color = [255, 204, 0, 255];
    const ask = await serve(detecting('objectness', {}, yolov5));
    expect((await ask('do:1', cells([1, 1, yellow]))).answer.objects).toEqual([
      { class_id: 0, class_name: 'green', confidence: expect.closeTo(0.8), ...boxOf(1, 1) },
    ]);
    await server?.stop();
    const yolox = { ...yolov5, IMGPROXY_OBJECT_DETECTION_NET_TYPE: 'yolox' };
    const askOther = await serve(detecting('objectness', BYTES, yolox));
    expect((await askOther('do:1', cells([1, 1, yellow]))).answer.objects).toEqual([
      { class_id: 0, class_name: 'green', confidence: expect.closeTo(0.8), ...boxOf(1, 1) },
    ]);
  });

  it('drops what is under IMGPROXY_OBJECT_DETECTION_CONFIDENCE_THRESHOLD', async () => {
    const confidencesAt = async (threshold: string) => {
      const ask = await serve(
        detecting('columns', {}, { IMGPROXY_OBJECT_DETECTION_CONFIDENCE_THRESHOLD: threshold }),
      );
      const { answer } = await ask('do:1', TWO);
      await server?.stop();
      return answer.objects.map(({ confidence }: { confidence: number }) => confidence);
    };
    expect(await confidencesAt('0.79')).toEqual([1, expect.closeTo(0.8)]);
    expect(await confidencesAt('0.81')).toEqual([1]);
  });

  it('takes boxes for one object that overlap by more than IMGPROXY_OBJECT_DETECTION_NMS_THRESHOLD', async () => {
    const countAt = async (threshold: string) => {
      const ask = await serve(
        detecting('columns', {}, { IMGPROXY_OBJECT_DETECTION_NMS_THRESHOLD: threshold }),
      );
      // Neighbours' boxes share a third of what both have.
      const { answer } = await ask('do:1', cells([1, 1, RED], [2, 1, RED]));
      await server?.stop();
      return answer.objects.length;
    };
    expect(await countAt('0.3')).toBe(1);
    expect(await countAt('0.34')).toBe(2);
  });

  it('sees red and blue swapped with IMGPROXY_OBJECT_DETECTION_SWAP_RB', async () => {
    const ask = await serve(
      detecting('columns', {}, { IMGPROXY_OBJECT_DETECTION_SWAP_RB: 'true' }),
    );
    const { answer } = await ask('do:1', cells([1, 1, RED]));
    expect(answer.objects).toMatchObject([{ class_id: 2, class_name: 'blue' }]);
  });
});

describe.skipIf(!HAS_RUNTIME)('a crop about objects', () => {
  /** A large red object in the corner, a small blue one near the middle. */
  const PICTURE = cells([0, 0, RED], [1, 0, RED], [0, 1, RED], [2, 2, BLUE]);
  const NO_OVERLAP = { IMGPROXY_OBJECT_DETECTION_NMS_THRESHOLD: '1' };

  it('is about the classes that are named, by their weights', async () => {
    const ask = await serve(detecting());
    const crop = async (gravity: string) =>
      (await ask(`c:16:16:${gravity}`, cells([0, 0, RED], [3, 3, GREEN]))).answer.crop;
    // The box of red is cut to 12 pixels: 12 / 2 - 8 is out of the picture.
    const atRed = { left: 0, top: 0, width: 0.5, height: 0.5 };
    const atGreen = { left: 0.5, top: 0.5, width: 0.5, height: 0.5 };
    expect(await crop('obj:red')).toEqual(atRed);
    expect(await crop('obj:green')).toEqual(atGreen);
    // By the file of names green counts three times as much.
    expect(await crop('obj')).toEqual(atGreen);
    expect(await crop('obj:all')).toEqual(atGreen);
    expect(await crop('objw:red:4:green:3')).toEqual(atRed);
    expect(await crop('objw:all:1:red:1.5')).toEqual(atRed);
  });

  it('has objects_position say where they stand', async () => {
    const ask = await serve(detecting());
    const crop = async (position: string) =>
      (await ask(`c:24:24:obj${position}`, cells([1, 2, RED]))).answer.crop;
    // The box is 4 to 20 across and 12 to 28 down.
    expect(await crop('')).toMatchObject({ left: 0, top: 8 / 32 });
    expect(await crop('/op:nowe')).toMatchObject({ left: 4 / 32, top: 8 / 32 });
    expect(await crop('/op:soea')).toMatchObject({ left: 0, top: 4 / 32 });
    expect(await crop('/op:no:0:10')).toMatchObject({ top: 2 / 32 });
    expect(await crop('/obj_pos:fp:0.5:0.75')).toMatchObject({ left: 0, top: 2 / 32 });
    // A quarter and three quarters of the room of 16 pixels are before it: 2 and 6 of those of 8.
    expect(await crop('/objects_position:prop')).toMatchObject({ left: 2 / 32, top: 6 / 32 });
  });

  it.each([
    // Three red boxes in the corner, of 12 × 12, 16 × 12 and 12 × 16 pixels, and a blue one of 16 × 16.
    ['max_score_area', 'obj:red:blue', { left: 0, top: 0 }],
    ['one_best', 'objw:red:1:blue:2', { left: 12 / 32, top: 12 / 32 }],
    ['one_best', 'objw:red:10:blue:1', { left: 4 / 32, top: 0 }],
    ['one_best_centermost', 'objw:red:1.5:blue:1', { left: 12 / 32, top: 12 / 32 }],
  ])('goes by IMGPROXY_OBJECT_DETECTION_GRAVITY_MODE: %s, %s', async (mode, gravity, expected) => {
    const ask = await serve(
      detecting('columns', {}, { IMGPROXY_OBJECT_DETECTION_GRAVITY_MODE: mode, ...NO_OVERLAP }),
    );
    const { answer } = await ask(`c:16:16:${gravity}`, PICTURE);
    expect(answer.crop).toEqual({ ...expected, width: 0.5, height: 0.5 });
  });

  it('goes by IMGPROXY_OBJECT_DETECTION_FALLBACK_TO_SMART_CROP where none is found', async () => {
    // Nothing is over the threshold but there is something to see.
    const corner = cells([3, 3, [40, 40, 0, 255]]);
    const smart = await serve(detecting());
    const found = await smart('c:16:16:obj:red', corner);
    expect(found.answer.crop).toEqual((await smart('c:16:16:sm', corner)).answer.crop);
    expect(found.answer.crop.left).toBeGreaterThan(0.4);
    await server?.stop();
    const center = await serve(
      detecting('columns', {}, { IMGPROXY_OBJECT_DETECTION_FALLBACK_TO_SMART_CROP: 'false' }),
    );
    expect((await center('c:16:16:obj:red', corner)).answer.crop).toEqual({
      left: 0.25,
      top: 0.25,
      width: 0.5,
      height: 0.5,
    });
  });
});

describe.skipIf(!HAS_RUNTIME)('classify', () => {
  const PICTURE = even([204, 153, 51, 255]);

  it('tells the classes of the most confidence, those alone that are named', async () => {
    const ask = await serve(classifying());
    expect((await ask('cl:5', PICTURE)).answer.classes).toEqual([
      { class_id: 0, name: 'red', confidence: expect.closeTo(0.8) },
      { class_id: 1, name: 'green=3', confidence: expect.closeTo(0.6) },
    ]);
    expect((await ask('cl:1', PICTURE)).answer.classes).toHaveLength(1);
    expect((await ask('classify:5:green=3:blue', PICTURE)).answer.classes).toEqual([
      { class_id: 1, name: 'green=3', confidence: expect.closeTo(0.6) },
    ]);
    expect((await ask('cl:0', PICTURE)).answer.classes).toBeUndefined();
  });

  it('drops what is under IMGPROXY_CLASSIFICATION_THRESHOLD', async () => {
    const ask = await serve(classifying(undefined, { IMGPROXY_CLASSIFICATION_THRESHOLD: '0.2' }));
    expect((await ask('cl:5', PICTURE)).answer.classes).toHaveLength(3);
  });

  it.each([
    ['none', 'nhwc', { by: 1 / 255 }, 0.8],
    ['half', 'nchw', {}, 0.8],
    ['full', 'nhwc', { by: 0.25, plus: 0.5 }, 0.65],
    ['imagenet', 'nchw', { by: 0.1, plus: 0.5 }, 0.5 + 0.1 * ((0.8 - 0.485) / 0.229)],
  ] as const)('goes by IMGPROXY_CLASSIFICATION_NORMALIZATION %s and IMGPROXY_CLASSIFICATION_LAYOUT %s', async (normalization, order, net, confidence) => {
    const ask = await serve(
      classifying(makeClassificationNet({ order, ...net }), {
        IMGPROXY_CLASSIFICATION_NORMALIZATION: normalization,
        IMGPROXY_CLASSIFICATION_LAYOUT: order,
      }),
    );
    const { answer } = await ask('cl:1:red', PICTURE);
    expect(answer.classes[0].confidence).toBeCloseTo(confidence, 4);
  });
});

describe.skipIf(!HAS_RUNTIME)('a start with models', () => {
  it('fails with all that is wrong with them, in one report', () => {
    const { status, stderr } = run(['serve'], {
      ...detecting('columns', {}, { IMGPROXY_OBJECT_DETECTION_NET_SIZE: '64' }),
      ...classifying(undefined, { IMGPROXY_CLASSIFICATION_CLASSES: write('one\ntwo') }),
    });
    expect(status).toBe(1);
    expect(stderr).toContain(
      'has an input of float32 1×3×32×32, where IMGPROXY_OBJECT_DETECTION_NET_SIZE is 64',
    );
    expect(stderr).toContain(
      'IMGPROXY_CLASSIFICATION_NET gives 1×3, where IMGPROXY_CLASSIFICATION_CLASSES names 2 classes',
    );
  });

  it('fails where their files are not there', () => {
    const { status, stderr } = run(['serve'], {
      IMGPROXY_OBJECT_DETECTION_NET: join(folder, 'none.onnx'),
      IMGPROXY_CLASSIFICATION_NET: write('x'),
      IMGPROXY_CLASSIFICATION_CLASSES: join(folder, 'none.txt'),
    });
    expect(status).toBe(1);
    expect(stderr).toContain('IMGPROXY_OBJECT_DETECTION_NET names a file that cannot be read');
    expect(stderr).toContain('IMGPROXY_OBJECT_DETECTION_CLASSES must name the file of class names');
    expect(stderr).toContain('IMGPROXY_CLASSIFICATION_CLASSES names a file that cannot be read');
  });

  it('fails with the command to type where ONNX Runtime is not installed', () => {
    const bare = join(folder, 'bare');
    mkdirSync(bare);
    cpSync('dist', join(bare, 'dist'), { recursive: true });
    cpSync('package.json', join(bare, 'package.json'));
    for (const name of ['node_modules', 'build']) symlinkSync(resolve(name), join(bare, name));
    const { status, stderr } = run(['serve'], detecting(), join(bare, 'dist/main.js'));
    expect(status).toBe(1);
    expect(stderr).toContain(
      'ONNX Runtime is not installed: install it with `npm run setup:models`',
    );
    const { setup } = { setup: JSON.parse(readFileSync('package.json', 'utf8')).scripts };
    expect(setup['setup:models']).toBe('sh tools/setup-models.sh');
  });

  it('is not needed by `imgpeek info`', () => {
    const file = write(TWO);
    const { status, stdout } = run(['info', file, 'do:1', '--json'], detecting());
    expect(status).toBe(0);
    expect(JSON.parse(stdout).objects).toMatchObject([
      { class_name: 'blue' },
      { class_name: 'red' },
    ]);
  });
});

describe.skipIf(!HAS_RUNTIME)('ONNX Runtime', () => {
  it('tells nobody of what it does: it opens no connection and writes no file', async () => {
    const home = mkdtempSync(join(folder, 'home-'));
    const ask = await serve(
      detecting('columns', {}, { HOME: home, TMPDIR: home, XDG_CACHE_HOME: home }),
    );
    expect((await ask('do:1', TWO)).answer.objects).toHaveLength(2);
    const [asking = 0] = childrenOf(server!.serving()[0]);
    const open = readdirSync(`/proc/${asking}/fd`)
      .filter((fd) => Number(fd) > 2)
      .map((fd) => readlinkSync(`/proc/${asking}/fd/${fd}`));
    expect(open.filter((path) => /\.(?:db|log)|Microsoft/.test(path))).toEqual([]);
    // The channel to the serving process.
    expect(open.filter((path) => path.startsWith('socket:'))).toHaveLength(1);
    expect(readdirSync(home)).toEqual([]);
    expect(existsSync(`/tmp/mat-debug-${asking}.log`)).toBe(false);
  });
});

describe.skipIf(!HAS_RUNTIME)('inferences', () => {
  /** For which the hanging net has no answer. */
  const ENDLESS = even([255, 0, 0, 255]);
  const SHORT = even([0, 255, 0, 255]);
  const hanging = (more: Env = {}) =>
    classifying(makeHangingNet({ order: 'nhwc', ...BYTES }), {
      IMGPEEK_PROBE_TIMEOUT: '2',
      IMGPROXY_TIMEOUT: '9',
      ...more,
    });
  const GREEN_FOUND = [{ class_id: 1, name: 'green=3', confidence: expect.closeTo(1) }];

  it('that take longer than IMGPEEK_PROBE_TIMEOUT are ended, and the next are answered', async () => {
    const ask = await serve(hanging({ IMGPROXY_ML_NUM_STREAMS: '1' }));
    const began = performance.now();
    const [late, waiting, header] = await Promise.all([
      ask('cl:1', ENDLESS),
      ask('cl:1', SHORT),
      ask('f:1', SHORT),
    ]);
    expect(late).toEqual({ status: 503, answer: 'Timeout' });
    expect(waiting.answer.classes).toEqual(GREEN_FOUND);
    expect(performance.now() - began).toBeGreaterThan(2_000);
    expect(header.status).toBe(200);
    await vi.waitFor(
      () => expect(server?.output()).toContain('a model took longer than 2000 ms'),
      20_000,
    );
    // Neither the file nor the serving process is to blame.
    expect(server?.serving()).toHaveLength(1);
    expect((await ask('f:1', ENDLESS)).status).toBe(200);
  });

  it('are as many at a time as IMGPROXY_ML_NUM_STREAMS, in a process each', async () => {
    const ask = await serve(
      hanging({
        IMGPROXY_ML_NUM_STREAMS: '2',
        IMGPROXY_ML_INFERENCE_NUM_THREADS: '2',
        IMGPEEK_PROBE_TIMEOUT: '30',
        IMGPROXY_TIMEOUT: '30',
        IMGPROXY_GRACEFUL_STOP_TIMEOUT: '1',
      }),
    );
    const [serving] = server!.serving();
    let isOver = false;
    const late = ask('cl:1', ENDLESS)
      .catch(() => {})
      .finally(() => {
        isOver = true;
      });
    await vi.waitFor(() => expect(origin.seen).toHaveLength(1), 20_000);
    expect((await ask('cl:1', SHORT)).answer.classes).toEqual(GREEN_FOUND);
    expect(isOver).toBe(false);
    expect(childrenOf(serving)).toHaveLength(2);
    await server?.stop();
    await late;
  });

  it('are no more than IMGPROXY_ML_INFERENCE_NUM_THREADS, which are dealt out to them', async () => {
    const threadsWith = async (streams: number, threads: number) => {
      const ask = await serve(
        classifying(undefined, {
          IMGPROXY_ML_NUM_STREAMS: `${streams}`,
          IMGPROXY_ML_INFERENCE_NUM_THREADS: `${threads}`,
        }),
      );
      await Promise.all(Array.from({ length: 8 }, () => ask('cl:1', SHORT)));
      const pids = childrenOf(server!.serving()[0]);
      const looks: number[] = [];
      // Node has threads of its own for a moment: the least that is seen are those that stay.
      for (let look = 0; look < 10; ++look) {
        await new Promise((done) => setTimeout(done, 50));
        const status = readFileSync(`/proc/${pids[0]}/status`, 'utf8');
        looks.push(Number(/Threads:\s+(\d+)/.exec(status)?.[1]));
      }
      await server?.stop();
      return { processes: pids.length, threads: Math.min(...looks) };
    };
    const alone = await threadsWith(2, 1);
    expect(alone.processes).toBe(1);
    expect(await threadsWith(1, 4)).toEqual({ processes: 1, threads: alone.threads + 3 });
    expect((await threadsWith(2, 4)).threads).toBe(alone.threads + 1);
  });

  it('outlive the death of their process: it is followed by another', async () => {
    const ask = await serve(hanging());
    const [serving] = server!.serving();
    expect((await ask('cl:1', SHORT)).answer.classes).toEqual(GREEN_FOUND);
    const lost = ask('cl:1', ENDLESS);
    await new Promise((done) => setTimeout(done, 500));
    for (const pid of childrenOf(serving)) process.kill(pid, 'SIGKILL');
    expect(await lost).toEqual({ status: 500, answer: 'Internal error' });
    expect((await ask('cl:1', SHORT)).answer.classes).toEqual(GREEN_FOUND);
  });

  it('end with their server, whatever they are at', async () => {
    const ask = await serve(
      hanging({ IMGPEEK_PROBE_TIMEOUT: '30', IMGPROXY_GRACEFUL_STOP_TIMEOUT: '1' }),
    );
    const [serving] = server!.serving();
    void ask('cl:1', ENDLESS).catch(() => {});
    await vi.waitFor(() => expect(childrenOf(serving).length).toBeGreaterThan(0), 20_000);
    await new Promise((done) => setTimeout(done, 500));
    const pids = childrenOf(serving);
    const began = performance.now();
    expect(await server?.stop()).toBe(0);
    expect(performance.now() - began).toBeLessThan(5_000);
    await vi.waitFor(() => {
      expect(pids.filter(isAlive)).toEqual([]);
    });
  });
});

function isAlive(pid: number): boolean {
  try {
    return !/State:\s+Z/.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
