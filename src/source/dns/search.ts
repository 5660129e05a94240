/** How names are completed before they are asked for. */
export interface Search {
  /** Domains that are put behind a name, in order, without dots at their ends. */
  domains: readonly string[];
  /** A name with as many dots is asked for as it is first. */
  ndots: number;
}

/** resolv.conf(5): where nothing else is said. */
const DEFAULT_NDOTS = 1;
/** resolv.conf(5): silently capped to. */
const MAX_NDOTS = 15;

/** Reads from a resolv.conf what c-ares, which reads the name servers, does not apply. */
export function parseSearch(text: string): Search {
  let domains: string[] = [];
  let ndots = DEFAULT_NDOTS;
  for (const line of text.split('\n')) {
    const [keyword, ...values] = line.trim().split(/\s+/);
    // The last line of its kind counts.
    if (keyword === 'search') domains = values.map(withoutDot);
    if (keyword === 'domain') domains = values.slice(0, 1).map(withoutDot);
    if (keyword !== 'options') continue;
    for (const value of values) {
      const match = /^ndots:(\d{1,9})$/.exec(value);
      if (match) ndots = Math.min(Number(match[1]), MAX_NDOTS);
    }
  }
  return { domains, ndots };
}

/** The names to ask for, in order, where `name` is meant (resolv.conf(5), `search` and `ndots`). */
export function toCandidates(name: string, { domains, ndots }: Search): string[] {
  if (name.endsWith('.')) return [withoutDot(name)];
  const searched = domains.map((domain) => (domain === '' ? name : `${name}.${domain}`));
  const dots = name.split('.').length - 1;
  return [...new Set(dots >= ndots ? [name, ...searched] : [...searched, name])];
}

function withoutDot(name: string): string {
  return name.replace(/\.$/, '');
}
