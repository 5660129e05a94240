import { describe, expect, it } from 'vitest';
import { toUnreachable } from '../../src/source/errors.ts';

const failing = (code: string) => Object.assign(new Error(`connect ${code}`), { code });

describe('a failure to connect', () => {
  it.each([
    ['ECONNREFUSED', 'SOURCE_UNREACHABLE', 404],
    ['ENOTFOUND', 'SOURCE_UNREACHABLE', 404],
    ['EADDRNOTAVAIL', 'SOURCE_UNREACHABLE', 404],
    ['ETIMEDOUT', 'SOURCE_TOO_SLOW', 504],
    ['UND_ERR_CONNECT_TIMEOUT', 'SOURCE_TOO_SLOW', 504],
    ['EMFILE', 'INTERNAL', 500],
    ['ENFILE', 'INTERNAL', 500],
  ])('by %s is %s', (cause, code, status) => {
    expect(toUnreachable(failing(cause), 'host')).toMatchObject({ code, status });
  });
});
