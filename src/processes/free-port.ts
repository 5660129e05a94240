import { type AddressInfo, createServer } from 'node:net';
import type { Bind } from '../server/server.ts';

/**
 * Makes sure that nobody else listens on an address, or finds a free one for port 0. The serving
 * processes share their port by SO_REUSEPORT, and so would a second instance without a word.
 *
 * @param shared Others of our kind may listen there.
 * @returns The address, with a port that is not 0.
 * @throws Error where the address is taken or not ours.
 */
export async function findBind(bind: Bind, shared: boolean): Promise<Bind> {
  if ('path' in bind || (shared && bind.port !== 0)) return bind;
  const server = createServer((socket) => socket.destroy());
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen({ ...bind, exclusive: true }, resolve);
    });
    return { host: bind.host, port: (server.address() as AddressInfo).port };
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    throw new Error(`cannot listen on ${bind.host} port ${bind.port}: ${code}`, { cause: error });
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
}
