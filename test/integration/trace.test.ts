import { createServer, type IncomingHttpHeaders } from 'node:http';
import { expect, it } from 'vitest';
import { startServer } from './running.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const PARENT = '00f067aa0ba902b7';

/** Asks for a file with these headers; gives what the origin got, and what was logged. */
async function ask(headers: Record<string, string>) {
  let seen: IncomingHttpHeaders = {};
  const origin = createServer((request, response) => {
    seen = request.headers;
    response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => origin.listen(0, '127.0.0.1', resolve));
  const address = origin.address();
  const port = typeof address === 'object' ? address?.port : 0;
  const server = await startServer();
  await (await fetch(`${server.url}/info/_/plain/http://127.0.0.1:${port}/a`, { headers })).text();
  await server.stop();
  origin.close();
  return { seen, output: server.output() };
}

it('hands a trace on to origins with a span of its own, and logs its id', async () => {
  const { seen, output } = await ask({
    traceparent: `00-${TRACE}-${PARENT}-01`,
    tracestate: 'vendor=a,other=b',
  });
  expect(seen.traceparent).toMatch(new RegExp(`^00-${TRACE}-[0-9a-f]{16}-01$`));
  expect(seen.traceparent).not.toContain(PARENT);
  expect(seen.tracestate).toBe('vendor=a,other=b');
  expect(output).toContain(`"trace_id":"${TRACE}"`);
});

it.each([
  ['none', {}],
  ['one of zeros', { traceparent: `00-${'0'.repeat(32)}-${PARENT}-01` }],
  ['a parent of zeros', { traceparent: `00-${TRACE}-${'0'.repeat(16)}-01` }],
  ['the forbidden version', { traceparent: `ff-${TRACE}-${PARENT}-01` }],
  ['more than version 00 has', { traceparent: `00-${TRACE}-${PARENT}-01-more` }],
  ['upper case', { traceparent: `00-${TRACE.toUpperCase()}-${PARENT}-01` }],
])('hands nothing on of %s', async (_, headers: Record<string, string>) => {
  const { seen, output } = await ask({ ...headers, tracestate: 'vendor=a' });
  expect(seen).not.toHaveProperty('traceparent');
  expect(seen).not.toHaveProperty('tracestate');
  expect(output).not.toContain('trace_id');
});
