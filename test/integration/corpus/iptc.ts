import { readExiftool } from './manifest.ts';

/** exiftool's names of datasets where ours, the standard's titles, are others. */
const TITLES: Record<string, string> = {
  ObjectName: 'Name',
  'Caption-Abstract': 'Caption',
};

/** Letters and digits alone, in lower case: names differ in blanks and hyphens only. */
const plain = (name: string) => name.toLowerCase().replace(/[^a-z0-9]/g, '');

/** Dates and times without the separators that exiftool puts in. */
const leaf = (value: unknown) =>
  String(value)
    .replace(/(?<=\d):(?=\d)/g, '')
    .trim();

/** exiftool's IPTC datasets, normalised: plain title to values. */
export function exiftoolIptc(path: string): Record<string, string[]> {
  const out: Record<string, string[]> = {};
  for (const [key, value] of Object.entries(readExiftool(path))) {
    const [group, name = ''] = key.split(':');
    if (group === 'IPTC') out[plain(TITLES[name] ?? name)] = [value].flat().map(leaf);
  }
  return out;
}

/** Our answer's datasets, normalised alike. */
export function ourIptc(iptc: Record<string, unknown> = {}): Record<string, string[]> {
  return Object.fromEntries(
    Object.entries(iptc).map(([key, value]) => [plain(key), [value].flat().map(leaf)]),
  );
}
