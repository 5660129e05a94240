import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

interface Locked {
  version: string;
  integrity?: string;
  resolved?: string;
}

describe.each([
  'package-lock.json',
  'bench/package-lock.json',
  'tools/onnxruntime/package-lock.json',
])('%s', (path) => {
  const text = readFileSync(path, 'utf8');
  const { '': root, ...packages } = JSON.parse(text).packages as Record<string, Locked>;

  it('has the SHA-512 of each package', () => {
    expect(root).toBeDefined();
    expect(Object.keys(packages).length).toBeGreaterThan(10);
    const without = Object.entries(packages).filter(
      ([, { integrity }]) => !/^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity ?? ''),
    );
    expect(without).toEqual([]);
  });

  it('names no registry, so that any mirror will do', () => {
    expect(Object.values(packages).filter(({ resolved }) => resolved !== undefined)).toEqual([]);
    expect(text).not.toMatch(/registry|_authToken/i);
  });
});

it('the packages that package.json names are each of one version', () => {
  const { dependencies, devDependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
  const versions: string[] = Object.values({ ...dependencies, ...devDependencies });
  expect(versions.length).toBeGreaterThan(10);
  expect(versions.filter((version) => !/^(?:npm:[\w-]+@)?\d+\.\d+\.\d+$/.test(version))).toEqual(
    [],
  );
});
