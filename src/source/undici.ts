import { createRequire } from 'node:module';
import type * as undici from 'undici';

const require = createRequire(import.meta.url);

// The parts of undici that are used here, each from the module that undici's own index has it from.
// With the index come fetch, WebSocket, caches and mocks: 8 MB of each process.

export const Agent: typeof undici.Agent = require('undici/lib/dispatcher/agent.js');
export const Client: typeof undici.Client = require('undici/lib/dispatcher/client.js');
export const Pool: typeof undici.Pool = require('undici/lib/dispatcher/pool.js');
export const buildConnector: typeof undici.buildConnector = require('undici/lib/core/connect.js');
