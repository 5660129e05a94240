import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { expect, it, vi } from 'vitest';
import { startServer } from './running.ts';

/** The metrics of an exposition, but those of the process. */
const namesIn = (text: string) =>
  [...text.matchAll(/^# TYPE (\w+)/gm)]
    .map(([, name = '']) => name)
    .filter((name) => !/^(?:process|nodejs)_/.test(name))
    .sort();

/** The metrics of the tables in the documentation. */
function documented(): string[] {
  const page = readFileSync('docs/deployment.md', 'utf8');
  const section = page.slice(page.indexOf('With `IMGPROXY_PROMETHEUS_BIND` set'));
  return [...section.matchAll(/^\| `(.*?) \|/gm)]
    .flatMap(([, cell = '']) =>
      cell
        .replace(/\{.*?\}/g, '')
        .replace(/`/g, '')
        .split(', '),
    )
    .sort();
}

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

it('sums the metrics of all processes, of one that is gone too', async () => {
  const { number, free } = await port();
  await free();
  const server = await startServer({
    IMGPEEK_PROCESSES: '2',
    IMGPROXY_WORKERS: '6',
    IMGPROXY_PROMETHEUS_BIND: `127.0.0.1:${number}`,
    IMGPROXY_LOCAL_FILESYSTEM_ROOT: 'docs/samples',
  });
  const scrape = async () => (await fetch(`http://127.0.0.1:${number}/`)).text();
  const ask = async () => {
    const headers = { Connection: 'close' };
    await (await fetch(`${server.url}/info/_/plain/local:///photo.jpg`, { headers })).text();
  };
  for (let i = 0; i < 10; i++) await ask();
  const text = await scrape();
  expect(namesIn(text)).toEqual(documented());
  expect(text).toContain('\nrequests_total 10\n');
  expect(text).toContain('\nrequest_span_duration_seconds_count{span="processing"} 10\n');
  expect(text).toContain('\nworkers 6\n');
  const [victim = 0] = server.serving();
  process.kill(victim, 'SIGKILL');
  await vi.waitFor(
    async () =>
      expect(await scrape()).toContain('\nprocesses_replaced_total{reason="crashed"} 1\n'),
    { timeout: 10_000 },
  );
  for (let i = 0; i < 5; i++) await ask();
  expect(await scrape()).toContain('\nrequests_total 15\n');
  await server.stop();
});

it('does not start where the address of the metrics is taken', async () => {
  const { number, free } = await port();
  await expect(startServer({ IMGPROXY_PROMETHEUS_BIND: `127.0.0.1:${number}` })).rejects.toThrow(
    /exited with 1/,
  );
  await free();
});
