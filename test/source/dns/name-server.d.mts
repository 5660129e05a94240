/** What a name server says of one name. */
export interface NameEntry {
  /** The addresses of each answer in turn. */
  steps?: string[][];
  /** Seconds. */
  ttl?: number;
  /** RFC 1035, 4.1.1. */
  rcode?: number;
  /** Types of questions that are never answered. */
  silent?: ('A' | 'AAAA')[];
}

export interface NameServer {
  /** Each question so far, such as `A public.test`. */
  asked: string[];
  port: number;
  close(): void;
}

export function startNameServer(
  names: Record<string, NameEntry>,
  port?: number,
): Promise<NameServer>;
