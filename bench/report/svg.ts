import { writeNumber } from './table.ts';

/** A bar: a name, a value, and whether it is the one that the chart is about. */
export interface Bar {
  label: string;
  value: number;
  /** Where the bound or the network's share of it lies. */
  mark?: number;
  ours?: boolean;
}

/** Bars with a scale of their own. */
export interface Panel {
  title: string;
  bars: Bar[];
}

/** A picture of panels, side by side in two columns. */
export interface Chart {
  title: string;
  /** What the values are, and whether more of them is better. */
  subtitle: string;
  panels: Panel[];
}

const WIDTH = 840;
const MARGIN = 16;
const HEAD = 58;
const GAP = 24;
const PANEL_HEAD = 24;
const ROW = 20;
const BAR = 12;
/** Left of the bars, for their names, and right of them, for their values. */
const LABEL = 116;
const VALUE = 64;

/** Colours of a light and a dark page; the picture has no ground of its own. */
const STYLE = `
  text { font: 12px system-ui, sans-serif; fill: #1f2328 }
  .title { font-size: 16px; font-weight: 600 }
  .sub { fill: #59636e }
  .head { font-weight: 600 }
  .bar { fill: #8c959f }
  .ours { fill: #0969da }
  .mark { stroke: #cf222e; stroke-width: 2 }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc }
    .sub { fill: #9198a1 }
    .bar { fill: #6e7681 }
    .ours { fill: #4493f8 }
    .mark { stroke: #f85149 }
  }`;

/** Draws a chart of horizontal bars as SVG, legible on a light and on a dark page. */
export function drawChart({ title, subtitle, panels }: Chart): string {
  const columns = Math.min(2, panels.length);
  const width = (WIDTH - 2 * MARGIN - (columns - 1) * GAP) / columns;
  const parts: string[] = [];
  let top = HEAD;
  for (let first = 0; first < panels.length; first += columns) {
    const row = panels.slice(first, first + columns);
    row.forEach((panel, i) => {
      parts.push(drawPanel(panel, MARGIN + i * (width + GAP), top, width));
    });
    top += PANEL_HEAD + Math.max(...row.map(({ bars }) => bars.length)) * ROW + GAP;
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${top}" width="${WIDTH}" height="${top}" role="img" aria-label="${escapeXml(title)}">
<title>${escapeXml(title)}</title>
<style>${STYLE}
</style>
<text class="title" x="${MARGIN}" y="26">${escapeXml(title)}</text>
<text class="sub" x="${MARGIN}" y="44">${escapeXml(subtitle)}</text>
${parts.join('\n')}
</svg>
`;
}

function drawPanel({ title, bars }: Panel, left: number, top: number, width: number): string {
  const largest = Math.max(...bars.map(({ value, mark = 0 }) => Math.max(value, mark)));
  const scale = largest > 0 ? (width - LABEL - VALUE) / largest : 0;
  const start = left + LABEL;
  const rows = bars.map(({ label, value, mark, ours }, i) => {
    const y = top + PANEL_HEAD + i * ROW;
    const length = Math.max(1, value * scale);
    const middle = y + BAR - 2;
    return [
      `<text x="${start - 8}" y="${middle}" text-anchor="end">${escapeXml(label)}</text>`,
      `<rect class="${ours ? 'ours' : 'bar'}" x="${start}" y="${y}" width="${length.toFixed(1)}" height="${BAR}" rx="2"/>`,
      mark === undefined ? '' : drawMark(start + mark * scale, y),
      `<text x="${(start + Math.max(length, (mark ?? 0) * scale) + 6).toFixed(1)}" y="${middle}">${writeNumber(value)}</text>`,
    ].join('');
  });
  return [
    `<text class="head" x="${left}" y="${top + 12}">${escapeXml(title)}</text>`,
    ...rows,
  ].join('\n');
}

function drawMark(x: number, y: number): string {
  const at = x.toFixed(1);
  return `<line class="mark" x1="${at}" x2="${at}" y1="${y - 2}" y2="${y + BAR + 2}"/>`;
}

function escapeXml(text: string): string {
  return text.replace(/[<>&"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
