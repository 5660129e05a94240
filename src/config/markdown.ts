import { GROUPS } from './table.ts';
import { isDerived, type Variable, type Variables } from './variable.ts';

const NOTES = {
  planned: ' *Accepted, not yet acted on.*',
  unsupported: ' *Not supported yet: the start fails where it is set.*',
  none: '',
} as const;

/** The tables of `docs/configuration.md`, a heading and a table for each group. */
export function toMarkdown(): string {
  return Object.entries<Variables>(GROUPS)
    .map(([title, variables]) => `## ${title}\n\n${table(Object.values(variables))}`)
    .join('\n');
}

function table(variables: readonly Variable<unknown>[]): string {
  const rows = variables.map((variable) => {
    const note = variable.status === undefined ? '' : NOTES[variable.status];
    const cells = [
      `\`${variable.env}\``,
      variable.type.format,
      shownDefault(variable),
      variable.meaning + note,
    ];
    return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  });
  return ['| variable | value | default | meaning |', '|---|---|---|---|', ...rows, ''].join('\n');
}

function shownDefault(variable: Variable<unknown>): string {
  const { type } = variable;
  if (isDerived(variable.default)) return variable.default.text;
  const shown = variable.default === undefined ? '' : type.show(variable.default);
  return shown === '' ? '' : `\`${shown}\``;
}
