import { readReference } from '../../corpus.ts';

/** The directories in the order in which they win. */
const DIRECTORIES = ['0', 'EXIF', 'GPS', 'Interoperability'];

/** libexif's escapes in its table: tabs, line ends, backslashes and control bytes. */
function unescaped(text: string): string {
  return text.replace(/\\(x[0-9a-fA-F]{2}|.)/g, (_, code: string) => {
    if (code.startsWith('x')) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
    return { t: '\t', n: '\n', r: '\r', '\\': '\\' }[code] ?? code;
  });
}

/** What libexif reads from a file: title to value; undefined where the corpus has no table of it. */
export function libexifTable(path: string): Record<string, string> | undefined {
  const text = readReference(path, 'libexif.txt');
  if (text === undefined) return undefined;
  const table: Record<string, string> = {};
  const rows = text
    .split('\n')
    .filter((line) => line !== '' && !/^[#+-]/.test(line))
    .map((line) => line.split('\t'));
  for (const directory of DIRECTORIES) {
    for (const [ifd, , , title = '', , , , value = ''] of rows) {
      if (ifd === directory) table[title] ??= unescaped(value);
    }
  }
  return table;
}
