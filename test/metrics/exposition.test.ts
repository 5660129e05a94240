import { expect, it } from 'vitest';
import { render } from '../../src/metrics/exposition.ts';
import { Metrics } from '../../src/metrics/metrics.ts';

it('sums what several processes counted', async () => {
  const [one, other] = [new Metrics('peek'), new Metrics('peek')];
  one.observe({ status: 200, seconds: 0.02, cost: { requests: 2, bytes: 100, rounds: 2 } });
  other.observe({ status: 200, seconds: 0.02, cost: { requests: 1, bytes: 50, rounds: 1 } });
  other.observe({ status: 403, seconds: 0.001, error: 'FORBIDDEN' });
  other.start();
  const text = await render([await one.snapshot(), await other.snapshot()]);
  expect(text).toContain('\npeek_requests_total 3\n');
  expect(text).toContain('\npeek_status_codes_total{status="200"} 2\n');
  expect(text).toContain('\npeek_errors_total{type="security"} 1\n');
  expect(text).toContain('\npeek_requests_in_progress 1\n');
  expect(text).toContain('\npeek_origin_bytes_total 150\n');
  expect(text).toContain('\npeek_source_rounds_sum 3\n');
  expect(text).toContain('\npeek_request_duration_seconds_count 3\n');
});
