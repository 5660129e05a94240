import { readExiftool } from '../../corpus.ts';

/** exiftool's names of datasets where ours, the standard's titles, are others. */
const TITLES: Record<string, string> = {
  ObjectName: 'Name',
  'Caption-Abstract': 'Caption',
  ApplicationRecordVersion: 'Record Version',
  EnvelopeRecordVersion: 'Model Version',
  'Country-PrimaryLocationName': 'Country Name',
  'Country-PrimaryLocationCode': 'Country Code',
  SupplementalCategories: 'Supplemental Category',
};

/** Letters and digits alone, in lower case: names differ in blanks and hyphens only. */
const plain = (name: string) => name.toLowerCase().replace(/[^a-z0-9]/g, '');

/** A value as both write it: dates and times without the separators that exiftool puts in. */
function leaf(value: unknown): string {
  const text = String(value);
  // An escape sequence is no text: we give it as Base64, as other binary datasets.
  if (text.startsWith('\u001b')) return Buffer.from(text, 'latin1').toString('base64');
  return text.replace(/(?<=\d):(?=\d)/g, '').trim();
}

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
