import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { Metrics } from '../../src/metrics/metrics.ts';
import { MetricsSum } from '../../src/metrics/sum.ts';

// What deploy/ has for those who watch names metrics that there are.

/** Names that stand before a selector. */
const namesIn = (text: string) =>
  new Set([...text.matchAll(/\b([a-z][a-z0-9_]*)\{/g)].map(([, name = '']) => name));

/** The names of all series: those of a histogram have three. */
async function series(): Promise<Set<string>> {
  const metrics = new Metrics('', { workers: 1, working: 0 });
  const sum = new MetricsSum('');
  sum.take('one', await metrics.snapshot());
  const types = [...(await sum.render()).matchAll(/^# TYPE (\w+) (\w+)$/gm)];
  const names = types.flatMap(([, name = '', type]) =>
    type === 'histogram' ? ['_bucket', '_sum', '_count'].map((part) => name + part) : [name],
  );
  // Prometheus' own, of each scrape.
  return new Set([...names, 'up']);
}

it.each(['grafana.json', 'alerts.yml'])('deploy/%s', async (file) => {
  const names = namesIn(readFileSync(`deploy/${file}`, 'utf8'));
  expect(names.size).toBeGreaterThan(5);
  const known = await series();
  expect([...names].filter((name) => !known.has(name))).toEqual([]);
});

it('deploy/grafana.json puts no panel over another', () => {
  const { panels } = JSON.parse(readFileSync('deploy/grafana.json', 'utf8')) as {
    panels: { title: string; gridPos: { x: number; y: number; w: number; h: number } }[];
  };
  const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
    Array.from({ length: w * h }, (_, i) => `${x + (i % w)},${y + Math.floor(i / w)}`),
  );
  expect(new Set(cells).size).toBe(cells.length);
  expect(panels.every(({ gridPos: { x, w } }) => x + w <= 24)).toBe(true);
});
