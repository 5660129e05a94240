import type { Cell } from '../figures/cell.ts';
import type { Results } from './results.ts';
import type { Bar, Chart, Panel } from './svg.ts';

/** The figures that have a picture. */
type Charts = Partial<Record<'origin' | 'near' | 'far' | 'trickle' | 'memory' | 'cpu', Chart>>;

/** A chart of each figure that was measured. */
export function toCharts({ origin, near, far, trickle, memory, cpu }: Results): Charts {
  const charts: Charts = {};
  if (origin) {
    charts.origin = {
      title: 'What is fetched of a file',
      subtitle: 'with default options, by format',
      panels: [
        panel('share of files answered in one request, %', origin.formats, (row) => ({
          label: row.format,
          value: row.answered > 0 ? (row.inOne / row.answered) * 100 : 0,
          ours: true,
        })),
        panel('share of bytes fetched, %', origin.formats, (row) => ({
          label: row.format,
          value: row.size > 0 ? (row.bytes / row.size) * 100 : 0,
          ours: true,
        })),
      ],
    };
  }
  if (near) {
    const connections = chooseConnections(near.cells, 32);
    charts.near = {
      title: `Requests a second, ${connections} connections`,
      subtitle: 'origin on the same machine; more is better; the ceiling parses nothing',
      panels: panelsByFile(near.cells, connections, ({ rival, rate }) => toBar(rival, rate)),
    };
  }
  if (far) {
    const connections = chooseConnections(far.cells, 1);
    charts.far = {
      title: `Median time in ms, ${connections} connection${connections === 1 ? '' : 's'}`,
      subtitle:
        'origin 40 ms away at 50 Mbit/s; less is better; the mark is what the network alone takes',
      panels: panelsByFile(far.cells, connections, (cell) => ({
        ...toBar(cell.rival, cell.p50),
        mark: cell.floor,
      })),
    };
  }
  if (trickle) {
    charts.trickle = {
      title: 'What 1,000 requests that hang on trickling origins do to the others',
      subtitle: '99th percentile in ms of healthy requests, 32 connections; less is better',
      panels: [
        panel('without them', trickle, ({ rival, without }) => toBar(rival, without)),
        panel('with them', trickle, (row) => toBar(row.rival, row.with)),
      ],
    };
  }
  if (memory) {
    const near = memory.filter((row) => row.near !== undefined);
    const hanging = memory.filter((row) => row.hanging !== undefined);
    charts.memory = {
      title: 'Resident memory, MB',
      subtitle: 'all processes of a server, at most; less is better',
      panels: [
        panel('under load', near, (row) => toBar(row.rival, (row.near ?? 0) / 1e6)),
        panel('1,000 requests in flight', hanging, (row) =>
          toBar(row.rival, (row.hanging ?? 0) / 1e6),
        ),
      ].filter(({ bars }) => bars.length > 0),
    };
  }
  if (cpu) {
    const counted = cpu.filter(({ instructions }) => instructions !== undefined);
    charts.cpu = {
      title: 'CPU of a request for the JPEG',
      subtitle: '32 connections, origin on the same machine; less is better',
      panels: [
        panel('microseconds, user and kernel', cpu, ({ rival, micros }) => toBar(rival, micros)),
        panel('instructions, user', counted, (row) => toBar(row.rival, row.instructions ?? 0)),
      ].filter(({ bars }) => bars.length > 0),
    };
  }
  return charts;
}

function panel<Row>(title: string, rows: Row[], toBarOf: (row: Row) => Bar): Panel {
  return { title, bars: rows.map(toBarOf) };
}

function panelsByFile<C extends Cell>(
  cells: C[],
  connections: number,
  toBarOf: (cell: C) => Bar,
): Panel[] {
  const shown = cells.filter((cell) => cell.connections === connections);
  return [...new Set(shown.map(({ file }) => file))].map((name) =>
    panel(
      name,
      shown.filter(({ file }) => file === name),
      toBarOf,
    ),
  );
}

/** The number of connections that a chart is about; another one where it was not measured. */
function chooseConnections(cells: Cell[], wanted: number): number {
  const measured = cells.map(({ connections }) => connections);
  return measured.includes(wanted) ? wanted : (measured[0] ?? wanted);
}

function toBar(rival: string, value: number): Bar {
  return { label: rival, value, ours: rival === 'imgpeek' };
}
