import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bound } from './bounds.ts';
import { toCharts } from './charts.ts';
import type { Results } from './results.ts';
import { drawChart } from './svg.ts';

/** What each figure's files are called. */
const NAMES = {
  origin: 'a-origin',
  near: 'b-near',
  far: 'c-far',
  trickle: 'd-trickle',
  memory: 'e-memory',
  cpu: 'f-cpu',
} as const;

/**
 * Writes each figure that was measured as JSON, with all that one must know to believe it, and as a
 * picture; and the bounds.
 *
 * @returns The paths that were written.
 */
export function writeResults(folder: string, results: Results, bounds: Bound[]): string[] {
  mkdirSync(folder, { recursive: true });
  const { machine, run, entrants, leftOut } = results;
  const files = new Map<string, string>();
  for (const [key, name] of Object.entries(NAMES) as [keyof typeof NAMES, string][]) {
    const figure = results[key];
    if (figure === undefined) continue;
    files.set(`${name}.json`, toJson({ machine, run, entrants, leftOut, [key]: figure }));
  }
  files.set('bounds.json', toJson({ machine, run, bounds }));
  for (const [key, chart] of Object.entries(toCharts(results))) {
    files.set(`${NAMES[key as keyof typeof NAMES]}.svg`, drawChart(chart));
  }
  return [...files].map(([name, text]) => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  });
}

const toJson = (value: unknown) => `${JSON.stringify(value, null, 1)}\n`;
