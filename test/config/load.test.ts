// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the syntax of replacements and of environment files
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';
import type { Environment } from '../../src/config/env-file.ts';
import { ConfigError } from '../../src/config/errors.ts';
import { loadConfig } from '../../src/config/load.ts';

const SIGNED = { IMGPROXY_KEY: '736563726574', IMGPROXY_SALT: '68656C6C6F' };

function load(env: Environment) {
  return loadConfig({ ...SIGNED, ...env }).config;
}

function mistakesOf(env: Environment): readonly string[] {
  try {
    loadConfig({ ...SIGNED, ...env });
  } catch (error) {
    if (error instanceof ConfigError) return error.mistakes;
    throw error;
  }
  return [];
}

function file(content: string): string {
  const path = join(mkdtempSync(join(tmpdir(), 'imgpeek-config-')), 'file');
  writeFileSync(path, content);
  return path;
}

describe('defaults', () => {
  it('are those of the table', () => {
    expect(load({})).toMatchObject({
      bind: ':8080',
      network: 'tcp',
      timeout: 10,
      downloadTimeout: 5,
      ttl: 31_536_000,
      signatureSize: 32,
      maxSrcResolution: 50_000_000,
      allowPrivateSourceAddresses: true,
      allowLoopbackSourceAddresses: false,
      argumentsSeparator: ':',
      sourceUrlQuerySeparator: '?',
      customHeadersSeparator: '\\;',
      allowedSources: [],
    });
  });

  it('follow other variables', () => {
    const config = load({ IMGPROXY_TIMEOUT: '7', IMGPROXY_ONLY_PRESETS: '1', PORT: '3000' });
    expect(config.gracefulStopTimeout).toBe(14);
    expect(config.infoOnlyPresets).toBe(true);
    expect(config.bind).toBe(':3000');
    expect(config.workers).toBeGreaterThanOrEqual(2);
  });

  it('give way to a variable that is set', () => {
    const config = load({
      IMGPROXY_ONLY_PRESETS: '1',
      IMGPROXY_INFO_ONLY_PRESETS: '0',
      IMGPROXY_BIND: '127.0.0.1:1',
      PORT: '3000',
    });
    expect(config.infoOnlyPresets).toBe(false);
    expect(config.bind).toBe('127.0.0.1:1');
  });

  it('stand for blank values', () => {
    expect(load({ IMGPROXY_TIMEOUT: ' ', IMGPROXY_BASE_URL: '' })).toMatchObject({
      timeout: 10,
      baseUrl: '',
    });
  });

  it('do not stand for a blank query separator', () => {
    expect(load({ IMGPROXY_SOURCE_URL_QUERY_SEPARATOR: '' }).sourceUrlQuerySeparator).toBe('');
  });
});

describe('values', () => {
  it.each(['1', 't', 'T', 'true', 'TRUE', 'True'])('take %s for true', (text) => {
    expect(load({ IMGPROXY_USE_ETAG: text }).useEtag).toBe(true);
  });

  it.each(['0', 'f', 'F', 'false', 'FALSE', 'False'])('take %s for false', (text) => {
    expect(
      load({ IMGPROXY_ALLOW_PRIVATE_SOURCE_ADDRESSES: text }).allowPrivateSourceAddresses,
    ).toBe(false);
  });

  it.each(['yes', 'on', 'tRuE', '2', 'true '])('refuse %j as a boolean', (text) => {
    expect(mistakesOf({ IMGPROXY_USE_ETAG: text })).toHaveLength(1);
  });

  it.each([
    ['IMGPROXY_TIMEOUT', '0'],
    ['IMGPROXY_TIMEOUT', '-1'],
    ['IMGPROXY_TIMEOUT', '10s'],
    ['IMGPROXY_TIMEOUT', '1e999'],
    ['IMGPROXY_SIGNATURE_SIZE', '0'],
    ['IMGPROXY_SIGNATURE_SIZE', '33'],
    ['IMGPROXY_SIGNATURE_SIZE', '1.5'],
    ['IMGPROXY_WORKERS', '0x10'],
    ['IMGPROXY_MAX_SRC_FILE_SIZE', '1e30'],
    ['IMGPROXY_NETWORK', 'udp'],
    ['IMGPROXY_LOG_LEVEL', 'loud'],
    ['IMGPROXY_KEY', 'xyz'],
    ['IMGPROXY_KEY', 'abc'],
    ['IMGPROXY_SOURCE_URL_ENCRYPTION_KEY', 'aabb'],
    ['IMGPROXY_LAST_MODIFIED_BUSTER', 'yesterday'],
    ['IMGPROXY_URL_REPLACEMENTS', 'a;b'],
    ['IMGPROXY_CUSTOM_RESPONSE_HEADERS', 'NoValue'],
    ['IMGPROXY_CUSTOM_RESPONSE_HEADERS', 'A b=c'],
    ['IMGPROXY_CUSTOM_REQUEST_HEADERS', 'A=b\nc'],
    ['IMGPROXY_REQUEST_HEADERS_PASSTHROUGH', 'A:,B'],
    ['IMGPROXY_USER_AGENT', 'a\r\nb: c'],
    ['IMGPROXY_COOKIE_BASE_URL', 'example.com'],
    ['IMGPROXY_INFO_PRESETS_PATH', '/nowhere/at/all'],
    ['IMGPROXY_ENV_LOCAL_FILE_PATH', '/nowhere/at/all'],
    ['IMGPEEK_FIRST_RANGE', '1'],
  ])('refuse %s=%s', (name, text) => {
    const mistakes = mistakesOf({ [name]: text });
    expect(mistakes).toHaveLength(1);
    expect(mistakes[0]).toContain(name);
  });

  it('count megapixels as pixels', () => {
    expect(load({ IMGPROXY_MAX_SRC_RESOLUTION: '16.8' }).maxSrcResolution).toBe(16_800_000);
  });

  it('take words in any case', () => {
    expect(load({ IMGPROXY_LOG_LEVEL: 'WARN' }).logLevel).toBe('warn');
  });

  it('hold several keys and salts', () => {
    const config = load({ IMGPROXY_KEY: 'aa, BBCC', IMGPROXY_SALT: '01,02' });
    expect(config.keys).toEqual([Buffer.from('aa', 'hex'), Buffer.from('bbcc', 'hex')]);
    expect(config.salts).toHaveLength(2);
  });

  it('divide custom headers by a separator of their own', () => {
    expect(
      load({ IMGPROXY_CUSTOM_RESPONSE_HEADERS: 'A=1, 2\\;B=x=y' }).customResponseHeaders,
    ).toEqual([
      ['A', '1, 2'],
      ['B', 'x=y'],
    ]);
    const env = {
      IMGPROXY_CUSTOM_RESPONSE_HEADERS: 'A=1|B=2',
      IMGPROXY_CUSTOM_HEADERS_SEPARATOR: '|',
    };
    expect(load(env).customResponseHeaders).toEqual([
      ['A', '1'],
      ['B', '2'],
    ]);
  });

  it('hold names of headers in lower case', () => {
    const config = load({ IMGPROXY_RESPONSE_HEADERS_PASSTHROUGH: 'X-One, ETag' });
    expect(config.responseHeadersPassthrough).toEqual(['x-one', 'etag']);
  });

  it('hold replacements, of an empty pattern too', () => {
    expect(
      load({ IMGPROXY_URL_REPLACEMENTS: 'my://*/=s3://b/${1}/x=1;=http://h/' }).urlReplacements,
    ).toEqual([
      { pattern: 'my://*/', replacement: 's3://b/${1}/x=1' },
      { pattern: '', replacement: 'http://h/' },
    ]);
  });

  it.each([
    ['info', '/info'],
    ['/a/b/', '/a/b'],
    ['/', ''],
    ['/a?x#y', '/a'],
  ])('normalise the path prefix %s to %j', (text, prefix) => {
    expect(load({ IMGPROXY_PATH_PREFIX: text }).pathPrefix).toBe(prefix);
  });

  it('put the version into the user agent', () => {
    expect(load({}).userAgent).toMatch(/^imgpeek\/\d+\.\d+\.\d+/);
    expect(load({ IMGPROXY_USER_AGENT: 'me/%current_version' }).userAgent).toMatch(/^me\/\d/);
  });

  it('read presets from a file without its comments', () => {
    const path = file('default=xmp:0\n\n# a comment\n  small=size:1\n');
    expect(load({ IMGPROXY_INFO_PRESETS_PATH: path }).infoPresetsFile).toEqual([
      'default=xmp:0',
      'small=size:1',
    ]);
  });

  it('are frozen', () => {
    const config = load({ IMGPROXY_ALLOWED_SOURCES: 'http://a/, http://b/' });
    expect(Object.isFrozen(config)).toBe(true);
    expect(Object.isFrozen(config.allowedSources)).toBe(true);
    expect(config.allowedSources).toEqual(['http://a/', 'http://b/']);
  });
});

describe('mistakes', () => {
  it('are reported together', () => {
    const mistakes = mistakesOf({
      IMGPROXY_TIMEOUT: 'soon',
      IMGPROXY_USE_ETAG: 'perhaps',
      IMGPROXY_LOG_FORMAT: 'poem',
    });
    expect(mistakes.map((mistake) => mistake.split(' ')[0]).sort()).toEqual([
      'IMGPROXY_LOG_FORMAT',
      'IMGPROXY_TIMEOUT',
      'IMGPROXY_USE_ETAG',
    ]);
  });

  it('name what is allowed and what came', () => {
    expect(mistakesOf({ IMGPROXY_TIMEOUT: 'soon' })[0]).toBe(
      'IMGPROXY_TIMEOUT must be seconds, 0.001 or more, not "soon"',
    );
  });

  it('never repeat a secret', () => {
    const mistakes = mistakesOf({
      IMGPROXY_KEY: 'my secret',
      IMGPROXY_SOURCE_URL_ENCRYPTION_KEY: 'my secret',
    });
    expect(mistakes).toHaveLength(2);
    expect(mistakes.join()).not.toContain('my secret');
  });

  it('are keys without as many salts', () => {
    expect(mistakesOf({ IMGPROXY_KEY: 'aa,bb' })[0]).toContain('not 2 and 1');
    expect(mistakesOf({ IMGPROXY_SALT: '' })[0]).toContain('not 1 and 0');
  });

  it('are an empty key among others', () => {
    expect(mistakesOf({ IMGPROXY_KEY: 'aa,', IMGPROXY_SALT: 'aa,bb' })).toHaveLength(1);
  });

  it.each([
    'IMGPROXY_USE_S3',
    'IMGPROXY_USE_GCS',
    'IMGPROXY_USE_ABS',
    'IMGPROXY_USE_SWIFT',
  ])('are %s=true, for it is not supported yet', (name) => {
    expect(mistakesOf({ [name]: 'true' })).toEqual([
      `${name} is not supported yet: unset it to start without it`,
    ]);
    expect(mistakesOf({ [name]: 'false' })).toEqual([]);
  });

  it('are secrets that would be loaded from elsewhere', () => {
    expect(mistakesOf({ IMGPROXY_ENV_AWS_SECRET_ID: 'arn:x' })).toHaveLength(1);
  });

  it('are deprecated names where they should fail', () => {
    const env = { IMGPROXY_CONCURRENCY: '3' };
    expect(load(env).workers).toBe(3);
    expect(mistakesOf({ ...env, IMGPROXY_FAIL_ON_DEPRECATION: '1' })).toEqual([
      'IMGPROXY_CONCURRENCY is deprecated, use IMGPROXY_WORKERS instead',
    ]);
  });

  it('are metrics on the address of the server', () => {
    expect(mistakesOf({ IMGPROXY_PROMETHEUS_BIND: ':8080' })).toHaveLength(1);
  });

  it('are a Unix network on a port', () => {
    expect(mistakesOf({ IMGPROXY_NETWORK: 'unix' })).toHaveLength(1);
    expect(mistakesOf({ IMGPROXY_NETWORK: 'unix', IMGPROXY_BIND: '/run/imgpeek.sock' })).toEqual(
      [],
    );
  });
});

describe('warnings', () => {
  const warningsOf = (env: Environment) => loadConfig({ ...SIGNED, ...env }).warnings;

  it('are none for a sound environment', () => {
    expect(warningsOf({ PATH: '/bin', IMGPROXY_TIMEOUT: '5' })).toEqual([]);
  });

  it('are none for what imgproxy uses elsewhere', () => {
    expect(
      warningsOf({
        IMGPROXY_QUALITY: '80',
        IMGPROXY_WATERMARK_PATH: '/w',
        IMGPROXY_LICENSE_KEY: 'l',
      }),
    ).toEqual([]);
  });

  it('name the nearest name to one that is unknown', () => {
    expect(warningsOf({ IMGPROXY_DOWNLOAD_TIMEOUTS: '1', IMGPEEK_FIRST_RNGE: '1' })).toEqual([
      'IMGPROXY_DOWNLOAD_TIMEOUTS is not known; did you mean IMGPROXY_DOWNLOAD_TIMEOUT?',
      'IMGPEEK_FIRST_RNGE is not known; did you mean IMGPEEK_FIRST_RANGE?',
    ]);
  });

  it('say where nothing acts on a variable yet', () => {
    expect(warningsOf({ IMGPROXY_SENTRY_DSN: 'x' })).toEqual([
      'IMGPROXY_SENTRY_DSN is accepted, but nothing acts on it yet',
    ]);
  });

  it('say that nothing is signed, and that encryption wants signatures', () => {
    const { warnings } = loadConfig({
      IMGPROXY_SOURCE_URL_ENCRYPTION_KEY: '00112233445566778899aabbccddeeff',
    });
    expect(warnings).toHaveLength(2);
    expect(warnings[0]).toContain('signatures are not checked');
    expect(warnings[1]).toContain('IMGPROXY_SOURCE_URL_ENCRYPTION_KEY');
  });
});

describe('the environment file', () => {
  it('counts before the environment', () => {
    const path = file(
      [
        '# a comment',
        'IMGPROXY_TIMEOUT=3',
        'HOST=example.com',
        "IMGPROXY_ETAG_BUSTER='$HOST'",
        'IMGPROXY_BASE_URL="http://${HOST}/a\\\\b\\"c"',
        'IMGPROXY_PATH_PREFIX=/$OUTER',
      ].join('\n'),
    );
    const config = load({ IMGPROXY_ENV_LOCAL_FILE_PATH: path, IMGPROXY_TIMEOUT: '9', OUTER: 'x' });
    expect(config).toMatchObject({
      timeout: 3,
      etagBuster: '$HOST',
      baseUrl: 'http://example.com/a\\b"c',
      pathPrefix: '/x',
    });
  });

  it('is refused with the numbers of its wrong lines', () => {
    const path = file('A=1\nnonsense\nB="open');
    expect(mistakesOf({ IMGPROXY_ENV_LOCAL_FILE_PATH: path })).toEqual([
      'IMGPROXY_ENV_LOCAL_FILE_PATH names a file whose line 2 is not NAME=value',
      'IMGPROXY_ENV_LOCAL_FILE_PATH names a file whose line 3 is not NAME=value',
    ]);
  });
});
