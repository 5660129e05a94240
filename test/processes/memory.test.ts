import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { toThrift } from '../../src/processes/memory.ts';

/** Makes garbage of which some outlives a collection, and prints the bytes of the young generation. */
const CHURN = `
  const kept = [];
  for (let i = 0; i < 3e6; i++) kept[i % 50_000] = { i };
  const spaces = require('node:v8').getHeapSpaceStatistics();
  console.log(spaces.find(({ space_name }) => space_name === 'new_space').space_size);
`;

const MIB = 1024 * 1024;

/** The young generation, in MiB, of a process that is started so. */
function measure(execArgv: string[], nodeOptions?: string): number {
  const { NODE_OPTIONS: _, ...bare } = process.env;
  const said = nodeOptions === undefined ? bare : { ...bare, NODE_OPTIONS: nodeOptions };
  const thrift = toThrift(execArgv, said);
  const { env } = thrift;
  return Number(execFileSync(process.execPath, [...thrift.execArgv, '-e', CHURN], { env })) / MIB;
}

describe('toThrift', () => {
  it('keeps the young generation of a serving process small', () => {
    expect(measure([])).toBeLessThanOrEqual(16);
  });

  it('lets the operator say otherwise, on the command line and in NODE_OPTIONS', () => {
    expect(measure(['--max-semi-space-size=32'])).toBeGreaterThan(16);
    expect(measure([], '--max-semi-space-size=32')).toBeGreaterThan(16);
    expect(measure([], '--max_semi_space_size=32')).toBeGreaterThan(16);
  });

  it('tells malloc to keep little, but where the environment says otherwise', () => {
    expect(toThrift([], {}).env).toMatchObject({ MALLOC_ARENA_MAX: '1' });
    const env = { MALLOC_ARENA_MAX: '8', PATH: '/bin' };
    expect(toThrift([], env).env).toMatchObject(env);
  });

  it('hands on the options that the supervisor was started with', () => {
    expect(toThrift(['--enable-source-maps'], {}).execArgv.at(-1)).toBe('--enable-source-maps');
  });
});
