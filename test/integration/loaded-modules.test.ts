import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** The packages' files that importing a module of ours loads by `require`, by which all large ones are. */
function requiredBy(module: string): string[] {
  const script = `
    import { createRequire } from 'node:module';
    await import('./dist/${module}');
    console.log(Object.keys(createRequire(import.meta.url).cache).join('\\n'));
  `;
  const args = ['--input-type=module', '--eval', script];
  const printed = execFileSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
  return printed.split('\n').filter((path) => path !== '');
}

test('what answers loads no more of undici than it uses', () => {
  const loaded = requiredBy('core.js');
  expect(loaded).toContain(`${root}node_modules/undici/lib/dispatcher/agent.js`);
  expect(loaded).not.toContain(`${root}node_modules/undici/index.js`);
});

test('the supervisor loads no client of HTTP, and what counts for Prometheus where it is asked for', () => {
  const loaded = requiredBy('serve.js');
  expect(loaded.filter((path) => /undici|prom-client|\.node$/.test(path))).toEqual([]);
});
