import * as whole from 'undici';
import { expect, test } from 'vitest';
import * as parts from '../../src/source/undici.ts';

test('the parts of undici that are loaded are those that it exports', () => {
  const { Agent, Client, Pool, buildConnector } = whole;
  expect({ ...parts }).toEqual({ Agent, Client, Pool, buildConnector });
  expect(parts.Agent).toBe(Agent);
});
