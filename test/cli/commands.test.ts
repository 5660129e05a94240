import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { type Running, startOrigin, startServer } from '../integration/running.ts';

const SIGNED = { IMGPROXY_KEY: '736563726574', IMGPROXY_SALT: '68656C6C6F' };
const ENCRYPTED = {
  IMGPROXY_SOURCE_URL_ENCRYPTION_KEY:
    '1eb5b0e971ad7f45324c1bb15c947cb207c43152fa5c6c7f35c4f36e0c18e0f1',
};

function imgpeek(args: string[], env: Record<string, string> = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['dist/main.js', ...args], {
    env: {
      PATH: process.env.PATH,
      LD_PRELOAD: process.env.LD_PRELOAD,
      ASAN_OPTIONS: process.env.ASAN_OPTIONS,
      IMGPEEK_ADDON: process.env.IMGPEEK_ADDON,
      ...env,
    },
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

async function withServer(
  env: Record<string, string>,
  use: (server: Running) => Promise<void> | void,
): Promise<void> {
  const server = await startServer(env);
  try {
    await use(server);
  } finally {
    await server.stop();
  }
}

describe.each([['serve'], ['config']])('imgpeek %s', (command) => {
  it('ends with a word on each preset that is wrong, and no more', () => {
    const { status, stderr } = imgpeek([command], {
      IMGPROXY_INFO_PRESETS: 'a=avg:1:1:1,b,c=pr:c',
      IMGPROXY_LOG_FORMAT: 'json',
    });
    expect(status).toBe(1);
    const lines = stderr.trim().split('\n');
    expect(lines[0]).toBe('The configuration is wrong:');
    expect(lines).toHaveLength(4);
    for (const line of lines.slice(1)) expect(line).toMatch(/^- IMGPROXY_INFO_PRESETS/);
  });
});

describe('imgpeek', () => {
  it('prints its version and its commands', () => {
    expect(imgpeek(['--version'])).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^\d/),
    });
    expect(imgpeek(['--help'])).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('sign'),
    });
  });

  it.each([
    'serve',
    'health',
    'info',
    'sign',
    'encrypt',
    'config',
  ])('says what %s takes', (name) => {
    const { status, stdout } = imgpeek([name, '--help']);
    expect(status).toBe(0);
    expect(stdout).toContain(`Usage: imgpeek ${name}`);
  });

  it.each([
    [['inof', 'x'], 'did you mean info?'],
    [['bogus'], 'see imgpeek --help'],
    [['info'], 'wants a FILE or a URL'],
    [['info', 'a.jpg', 'exif'], '"exif" is no option'],
    [['info', 'a.jpg', 'exf:1'], '"exf" is not known'],
    [['info', '--jsn', 'a.jpg'], '--jsn'],
    [['sign', 'http://a/'], 'IMGPROXY_KEY'],
    [['encrypt', 'http://a/'], 'IMGPROXY_SOURCE_URL_ENCRYPTION_KEY'],
  ])('exits 2 for %j and says what is wrong', (args, message) => {
    const { status, stderr } = imgpeek(args);
    expect(status).toBe(2);
    expect(stderr).toContain(message);
  });

  it('exits 1 for mistakes in the environment, and names them', () => {
    const { status, stderr } = imgpeek(['config'], { IMGPROXY_TIMEOUT: 'soon' });
    expect(status).toBe(1);
    expect(stderr).toContain('IMGPROXY_TIMEOUT must be');
  });
});

describe('imgpeek info', () => {
  it('gives of a file what the server gives', async () => {
    const { status, stdout } = imgpeek([
      'info',
      'docs/samples/photo.jpg',
      'pages_number:1',
      '--json',
    ]);
    expect(status).toBe(0);
    await withServer({ IMGPROXY_LOCAL_FILESYSTEM_ROOT: 'docs/samples' }, async ({ url }) => {
      const response = await fetch(`${url}/info/_/pages_number:1/plain/local:///photo.jpg`);
      expect(stdout).toBe(`${await response.text()}\n`);
    });
  });

  it('lays the same out over lines without --json', () => {
    const one = imgpeek(['info', 'docs/samples/photo.jpg', '--json']).stdout;
    const lines = imgpeek(['info', 'docs/samples/photo.jpg']).stdout;
    expect(lines).toBe(`${JSON.stringify(JSON.parse(one), null, 2)}\n`);
  });

  it('gives the same of a URL, on this machine too', async () => {
    const origin = await startOrigin('docs/samples');
    const { status, stdout } = imgpeek(['info', `${origin.url}/photo.jpg`, '--json', 'exif:1:1']);
    await origin.stop();
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ width: 800, height: 1200 });
    expect(JSON.parse(stdout).exif).toHaveProperty('DateTime');
  });

  it('reads local:// below the configured root alone', () => {
    const env = { IMGPROXY_LOCAL_FILESYSTEM_ROOT: 'docs/samples' };
    expect(imgpeek(['info', 'local:///photo.jpg'], env).status).toBe(0);
    expect(imgpeek(['info', 'local:///photo.jpg']).status).toBe(1);
  });

  it.each([
    ['package.json', 'Invalid source image: '],
    ['nowhere.jpg', 'Source is unreachable: '],
  ])('exits 1 for %s, with message and detail on standard error', (file, message) => {
    const { status, stdout, stderr } = imgpeek(['info', file]);
    expect(status).toBe(1);
    expect(stdout).toBe('');
    expect(stderr.length).toBeGreaterThan(message.length + 1);
    expect(stderr).toContain(message);
  });
});

describe('imgpeek sign', () => {
  it('gives the check value of the documentation', () => {
    const path =
      '/rs:fill:300:400:0/g:sm/aHR0cDovL2V4YW1w/bGUuY29tL2ltYWdl/cy9jdXJpb3NpdHku/anBn.png';
    expect(imgpeek(['sign', '--path', path], SIGNED).stdout).toBe(
      'oKfUtW34Dvo2BGQehJFR4Nr0_rIjOtdtzJ3QFsUcXH8\n',
    );
  });

  it.each([[[]], [['--plain']]])('makes URLs that the server answers (%j)', async (flags) => {
    const env = {
      ...SIGNED,
      IMGPROXY_SIGNATURE_SIZE: '12',
      IMGPROXY_PATH_PREFIX: '/peek',
      IMGPROXY_LOCAL_FILESYSTEM_ROOT: 'docs/samples',
    };
    const { stdout } = imgpeek(['sign', 'local:///photo.jpg', 'exif:0', ...flags], env);
    await withServer(env, async ({ url }) => {
      expect((await fetch(url + stdout.trim())).status).toBe(200);
      expect((await fetch(url + stdout.trim().replace('exif:0', 'exif:1'))).status).toBe(403);
    });
  });

  it('refuses what the server would refuse', () => {
    const { status, stderr } = imgpeek(['sign', 'http://a/', 'expires:1'], SIGNED);
    expect(status).toBe(2);
    expect(stderr).toContain('would answer 404');
  });
});

describe('imgpeek encrypt', () => {
  it('makes URLs that the server answers', async () => {
    const env = { ...SIGNED, ...ENCRYPTED, IMGPROXY_LOCAL_FILESYSTEM_ROOT: 'docs/samples' };
    const first = imgpeek(['encrypt', 'local:///photo.jpg', 'exif:0'], env).stdout.trim();
    const second = imgpeek(['encrypt', 'local:///photo.jpg', 'exif:0'], env).stdout.trim();
    expect(first).not.toBe(second);
    await withServer(env, async ({ url }) => {
      expect((await fetch(url + first)).status).toBe(200);
      expect((await fetch(url + second)).status).toBe(200);
    });
  });

  it('encrypts one URL to the same each time where the IV is derived', () => {
    const args = ['encrypt', 'http://a/1', '--deterministic', '--value'];
    const value = imgpeek(args, ENCRYPTED).stdout;
    expect(value).toMatch(/^[\w-]{43}\n$/);
    expect(imgpeek(args, ENCRYPTED).stdout).toBe(value);
    const other = imgpeek(
      ['encrypt', 'http://a/2', '--deterministic', '--value'],
      ENCRYPTED,
    ).stdout;
    expect(other.slice(0, 20)).not.toBe(value.slice(0, 20));
  });
});

describe('imgpeek health', () => {
  it('exits 0 where the server answers, on a port with a prefix', async () => {
    await withServer({ IMGPROXY_PATH_PREFIX: '/p' }, ({ url }) => {
      const env = { IMGPROXY_BIND: new URL(url).host, IMGPROXY_PATH_PREFIX: '/p' };
      expect(imgpeek(['health'], env).status).toBe(0);
      expect(imgpeek(['health'], { ...env, IMGPROXY_PATH_PREFIX: '' })).toMatchObject({
        status: 1,
        stderr: expect.stringContaining('answers 404'),
      });
    });
  });

  it('exits 1 where nobody listens', () => {
    const { status, stderr } = imgpeek(['health'], { IMGPROXY_BIND: '127.0.0.1:1' });
    expect(status).toBe(1);
    expect(stderr).toContain('does not answer');
  });
});

describe('imgpeek config', () => {
  it('shows what is set and what is default, and masks secrets', () => {
    const { status, stdout } = imgpeek(['config'], {
      ...SIGNED,
      ...ENCRYPTED,
      IMGPROXY_SECRET: 'hunter2',
      IMGPROXY_TTL: '60',
      IMGPROXY_BASE_URL: 'http://user:hunter2@a/',
    });
    expect(status).toBe(0);
    expect(stdout).toContain('IMGPROXY_TTL=60\n');
    expect(stdout).toContain('IMGPROXY_TIMEOUT=10  # default\n');
    expect(stdout).toContain('IMGPROXY_KEY=***\n');
    expect(stdout).toContain('***@a/');
    expect(stdout).not.toMatch(/hunter2|736563726574|1eb5b0e9/i);
  });

  it('shows what is set alone where it is asked to', () => {
    expect(imgpeek(['config', '--set'], { IMGPROXY_TTL: '60' }).stdout).toBe(
      '# Responses\nIMGPROXY_TTL=60\n\n',
    );
  });
});
