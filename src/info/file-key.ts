import { hash } from 'node:crypto';

/** Names the file at a source URL where the URL itself may not stand, as it may hold secrets. */
export function toFileKey(sourceUrl: string): string {
  return hash('sha256', sourceUrl, 'base64url');
}
