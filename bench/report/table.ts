/** A table of text: a heading for each column, and rows. */
export interface Table {
  title: string;
  columns: string[];
  /** A number is written to the right, by `writeNumber`; undefined is a gap. */
  rows: (string | number | undefined)[][];
}

/** Writes a table for a terminal; the first column to the left, numbers to the right. */
export function writeTable({ title, columns, rows }: Table): string {
  const cells = rows.map((row) => columns.map((_, i) => writeCell(row[i])));
  const isRight = columns.map((_, i) => rows.some((row) => typeof row[i] === 'number'));
  const widths = columns.map((column, i) =>
    Math.max(column.length, ...cells.map((row) => row[i]?.length ?? 0)),
  );
  const line = (row: string[]) =>
    row
      .map((cell, i) => (isRight[i] ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0)))
      .join('  ')
      .trimEnd();
  const rule = widths.map((width) => '─'.repeat(width));
  return `${[title, line(columns), rule.join('  '), ...cells.map(line)].join('\n')}\n`;
}

/** Three digits that count, thousands set apart. */
export function writeNumber(value: number): string {
  const rounded = Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(3));
  return rounded.toLocaleString('en');
}

function writeCell(cell: string | number | undefined): string {
  if (cell === undefined) return '–';
  return typeof cell === 'number' ? writeNumber(cell) : cell;
}
