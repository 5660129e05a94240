// The counting origin as a process of its own: node main.js ROOT ADDRESS...
// It tells the parent its ports, and what it counted when it is asked.
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { Counts } from './counts.ts';
import { createCountingOrigin } from './server.ts';

const [root = '.', ...addresses] = process.argv.slice(2);
const counts = new Counts();
const ports: number[] = [];
for (const address of addresses) {
  const server = createCountingOrigin(root, counts);
  server.listen(0, address);
  await once(server, 'listening');
  ports.push((server.address() as AddressInfo).port);
}
process.on('message', () => process.send?.({ counts: counts.take(), open: counts.open }));
process.on('disconnect', () => process.exit());
process.send?.({ ports });
