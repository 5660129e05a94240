/** How the counting origin treats the requests for one file. */
export interface Behaviour {
  /** Milliseconds from a request to the first byte of its response, as a round trip takes. */
  delay: number;
  /** Bytes a second on each connection. */
  bandwidth: number;
  /** Bytes a second that trickle in place of that, without end in sight; 0: no trickle. */
  trickle: number;
  /** Whether Range is understood. */
  ranges: boolean;
}

const PLAIN: Behaviour = {
  delay: 0,
  bandwidth: Number.POSITIVE_INFINITY,
  trickle: 0,
  ranges: true,
};

/**
 * Splits a path such as `/delay=40,bandwidth=6250000/photo.jpg` into what to do and the file's own
 * path. The first segment is a behaviour where it holds a `=`.
 *
 * @throws Error where a behaviour is not known, as a typing error would make a wrong figure.
 */
export function parseBehaviour(path: string): { behaviour: Behaviour; file: string } {
  const [, first = '', ...rest] = path.split('/');
  if (!first.includes('=')) return { behaviour: PLAIN, file: path };
  const behaviour = { ...PLAIN };
  for (const pair of first.split(',')) {
    const [name, value] = pair.split('=');
    if (name === 'ranges' && value === 'off') behaviour.ranges = false;
    else if (isQuantity(name) && Number(value) > 0) behaviour[name] = Number(value);
    else throw new Error(`no behaviour "${pair}"`);
  }
  return { behaviour, file: `/${rest.join('/')}` };
}

/** The path's segment that asks for a behaviour, `parseBehaviour`'s reverse. */
export function toSegment(behaviour: Partial<Behaviour>): string {
  return Object.entries(behaviour)
    .map(([name, value]) => `${name}=${value === false ? 'off' : value}`)
    .join(',');
}

function isQuantity(name: string | undefined): name is 'delay' | 'bandwidth' | 'trickle' {
  return name === 'delay' || name === 'bandwidth' || name === 'trickle';
}
