import { expect, it } from 'vitest';
import { Metrics } from '../../src/metrics/metrics.ts';
import { MetricsSum } from '../../src/metrics/sum.ts';

const IDLE = { workers: 4, working: 0 };
const work = (requests: number, bytes: number) => ({
  cost: { requests, bytes },
  rounds: requests,
  seekable: requests > 1,
  spans: { downloading: 15, processing: 2 },
  queued: 1,
});

it('sums what several processes counted', async () => {
  const one = new Metrics('peek', { workers: 4, working: 1 });
  const other = new Metrics('peek', { workers: 4, working: 3 });
  one.observe({ status: 200, seconds: 0.02, work: work(2, 100) });
  other.observe({ status: 200, seconds: 0.02, work: work(1, 50) });
  other.observe({ status: 403, seconds: 0.001, error: 'FORBIDDEN' });
  other.start();
  other.giveUpProbe();
  const sum = new MetricsSum('peek');
  sum.take('one', await one.snapshot());
  sum.take('other', await other.snapshot());
  const text = await sum.render();
  for (const line of [
    'peek_requests_total 3',
    'peek_status_codes_total{status="200"} 2',
    'peek_errors_total{type="security"} 1',
    'peek_requests_in_progress 1',
    'peek_origin_bytes_total 150',
    'peek_source_rounds_sum 3',
    'peek_request_duration_seconds_count 3',
    'peek_request_span_duration_seconds_sum{span="downloading"} 0.03',
    'peek_buffer_size_bytes_sum{type="download"} 150',
    'peek_sources_without_range_total 1',
    'peek_probes_timed_out_total 1',
    'peek_workers 8',
    'peek_images_in_progress 4',
    'peek_workers_utilization 50',
    'peek_processes_replaced_total{reason="crashed"} 0',
  ]) {
    expect(text).toContain(`\n${line}\n`);
  }
});

it('keeps what processes counted that are gone, and none of their gauges', async () => {
  const sum = new MetricsSum<number>('');
  for (const process of [1, 2, 3]) {
    const metrics = new Metrics('', IDLE);
    metrics.observe({ status: 200, seconds: 0.02 });
    metrics.start();
    sum.take(process, await metrics.snapshot());
    if (process < 3) sum.leave(process);
    if (process < 3) sum.replace('crashed');
    await sum.render();
  }
  const text = await sum.render();
  expect(text).toContain('\nrequests_total 3\n');
  expect(text).toContain('\nrequest_duration_seconds_count 3\n');
  expect(text).toContain('\nrequests_in_progress 1\n');
  expect(text).toContain('\nworkers 4\n');
  expect(text).toContain('\nprocesses_replaced_total{reason="crashed"} 2\n');
});
