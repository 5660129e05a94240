import { describe, expect, it } from 'vitest';
import type { Fields } from '../../src/log/entry.ts';
import { createFormat, type FormatName } from '../../src/log/formats.ts';

const TIME = new Date(2026, 0, 2, 3, 4, 5, 6);

function line(name: FormatName, message: string, fields: Fields = {}, colour = false): string {
  return createFormat(name, colour)({ time: TIME, level: 'warn', message, fields });
}

const FIELDS = {
  error: 'PNG: no IHDR',
  status: 422,
  source: 'a.example',
  cut: true,
  none: undefined,
};

describe('formats', () => {
  it('structured is pairs, the text in quotes, the error last', () => {
    expect(line('structured', 'request', FIELDS)).toBe(
      'time="2026-01-02 03:04:05" level="WARNING" msg="request" status=422 source="a.example" cut=true error="PNG: no IHDR"',
    );
  });

  it('pretty has the level in three letters, and quotes only where they are needed', () => {
    expect(line('pretty', 'request', FIELDS)).toBe(
      '2026-01-02 03:04:05 [WRN] request status=422 source=a.example cut=true error="PNG: no IHDR"',
    );
  });

  it('pretty is coloured where it is told to be', () => {
    expect(line('pretty', 'request', { status: 1 }, true)).toBe(
      '\u001b[33m2026-01-02 03:04:05 [WRN]\u001b[39m request \u001b[36mstatus\u001b[39m=1',
    );
  });

  it('json has time, level and msg', () => {
    expect(JSON.parse(line('json', 'request', FIELDS))).toEqual({
      time: TIME.toISOString(),
      level: 'WARNING',
      msg: 'request',
      status: 422,
      source: 'a.example',
      cut: true,
      error: 'PNG: no IHDR',
    });
  });

  it('gcp has severity and message', () => {
    expect(JSON.parse(line('gcp', 'request', { status: 1 }))).toEqual({
      time: TIME.toISOString(),
      severity: 'WARNING',
      message: 'request',
      status: 1,
    });
  });

  it.each([
    'structured',
    'json',
    'gcp',
    'pretty',
  ] as const)('%s logs an error with its stack', (name) => {
    const text = line(name, 'request', { err: new TypeError('a bug') });
    expect(text).toContain('a bug');
    expect(text).toContain('formats.test.ts');
  });
});

describe('what a stranger sends', () => {
  const EVIL = 'a\r\nlevel="ERROR"\u001b[2J\u0085\u2028\u009b31m\u202e\u007f"\\';

  it.each(['structured', 'json', 'gcp', 'pretty'] as const)('breaks no line of %s', (name) => {
    const text = line(name, EVIL, { error: EVIL, list: [EVIL] });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not pass
    expect(text).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202e]/);
  });

  it('cannot pass for a line of pretty by way of a stack', () => {
    const text = line('pretty', 'request', {
      err: new Error('x\n2026-01-02 03:04:05 [ERR] forged'),
    });
    expect(
      text
        .split('\n')
        .slice(1)
        .every((each) => each.startsWith('    ')),
    ).toBe(true);
  });
});
