import { createServer } from 'node:net';
import { expect, it } from 'vitest';
import { startServer } from './running.ts';

/** A port that was free just now, held until it is freed. */
async function port(): Promise<{ number: number; free(): Promise<void> }> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const number = typeof address === 'object' ? (address?.port ?? 0) : 0;
  return { number, free: () => new Promise((resolve) => server.close(() => resolve())) };
}

it('serves metrics on IMGPROXY_PROMETHEUS_BIND, named by IMGPROXY_PROMETHEUS_NAMESPACE', async () => {
  const { number, free } = await port();
  await free();
  const server = await startServer({
    IMGPROXY_PROMETHEUS_BIND: `127.0.0.1:${number}`,
    IMGPROXY_PROMETHEUS_NAMESPACE: 'peek',
    IMGPROXY_LOCAL_FILESYSTEM_ROOT: 'docs/samples',
  });
  await (await fetch(`${server.url}/info/_/plain/local:///photo.jpg`)).text();
  await (await fetch(`${server.url}/info/_/plain/local:///nowhere.jpg`)).text();
  const response = await fetch(`http://127.0.0.1:${number}/metrics`);
  const text = await response.text();
  await server.stop();
  expect(response.headers.get('content-type')).toContain('text/plain');
  expect(text).toContain('\npeek_requests_total 2\n');
  expect(text).toContain('\npeek_status_codes_total{status="404"} 1\n');
  expect(text).toContain('\npeek_errors_total{type="download"} 1\n');
  expect(text).toMatch(/\npeek_vips_memory_bytes \d+\n/);
  expect(text).toMatch(/\npeek_process_resident_memory_bytes \d+\n/);
});

it('does not start where the address of the metrics is taken', async () => {
  const { number, free } = await port();
  await expect(startServer({ IMGPROXY_PROMETHEUS_BIND: `127.0.0.1:${number}` })).rejects.toThrow(
    /exited with 1/,
  );
  await free();
});
