import type { AddressInfo, Socket } from 'node:net';
import { createServer, type TLSSocket } from 'node:tls';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, expect, it } from 'vitest';
import { CERTIFICATE } from './certificate.ts';
import { open, openers } from './fetching.ts';

const HOSTS = ['127.0.0.1', '127.0.0.2', '127.0.0.3', 'localhost'];
const ANSWER = 'HTTP/1.1 206 OK\r\nContent-Length: 2\r\nContent-Range: bytes 0-1/2\r\n\r\nhi';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const { make, close } = openers();
afterEach(close);

it.each([
  'TLSv1.2',
  'TLSv1.3',
] as const)('a %s session is resumed by the next connection to its host, garbage collection or not', async (version) => {
  const resumed: boolean[] = [];
  const opened = new Set<Socket>();
  const limits = { ...CERTIFICATE, minVersion: version, maxVersion: version };
  const server = createServer(limits, (socket: TLSSocket) => {
    resumed.push(socket.isSessionReused());
    opened.add(socket);
    socket.on('error', () => {}).on('data', () => socket.end(ANSWER));
  });
  await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', resolve));
  const { port } = server.address() as AddressInfo;
  // Without keep-alive each request makes a connection.
  const opener = make({ ignoreSslVerification: true, keepAliveTimeout: 0 });
  for (let round = 0; round < 3; round++) {
    for (const host of HOSTS) (await open(opener, `https://${host}:${port}/`)).source.close();
    for (let times = 0; times < 10; times++) {
      collectGarbage();
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
  for (const socket of opened) socket.destroy();
  server.close();
  expect(resumed.slice(0, HOSTS.length)).toEqual(HOSTS.map(() => false));
  expect(resumed.slice(HOSTS.length)).toEqual([...HOSTS, ...HOSTS].map(() => true));
});
