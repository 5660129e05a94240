import { RequestError } from '../errors.ts';

/**
 * Checks a file's size, or as much of it as is known.
 *
 * @param limit In bytes; 0 for none.
 * @throws RequestError INVALID_SOURCE_IMAGE
 */
export function checkFileSize(size: number | undefined, limit: number): void {
  if (limit > 0 && size !== undefined && size > limit) {
    throw new RequestError('INVALID_SOURCE_IMAGE', `the file has ${size} bytes, over ${limit}`);
  }
}
