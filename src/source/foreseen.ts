import { RequestError } from '../errors.ts';
import type { ByteRange, Chunk } from '../native.ts';
import type { Download } from './download.ts';
import { isSameVersion, judge, totalOf, type Validators, validatorsOf } from './http-response.ts';
import { planRequests, toRangeField } from './range.ts';
import type { Foreseen } from './source.ts';

/** A part that was asked for before the file was known. */
export interface ForeseenPart {
  validators: Validators;
  /** Bytes of the file that it is of, if they are said. */
  total: number | undefined;
  chunks: Chunk[];
}

/**
 * Asks for ranges that will be needed if the file is still what it was. What does not come for any
 * reason is left out: whoever needs it asks again, and then is told the reason.
 */
export async function fetchForeseen(
  download: Download,
  { ranges, validator, size }: Foreseen,
): Promise<ForeseenPart[]> {
  const parts = planRequests(ranges, size).map((range) => fetchPart(download, range, validator));
  return (await Promise.all(parts)).filter((part) => part !== undefined);
}

/** The bytes of those parts that are of the version that the first response shows. */
export function takeForeseen(
  parts: readonly ForeseenPart[],
  foreseen: Foreseen,
  validators: Validators,
  size: number | undefined,
): Chunk[] {
  if (validators.ifRange !== foreseen.validator) return [];
  return parts
    .filter(({ total }) => total === undefined || size === undefined || total === size)
    .filter((part) => isSameVersion(part.validators, validators))
    .flatMap(({ chunks }) => chunks);
}

async function fetchPart(
  download: Download,
  range: ByteRange,
  ifRange: string,
): Promise<ForeseenPart | undefined> {
  try {
    const response = await download.get({ range: toRangeField(range), ifRange });
    try {
      if (judge(response, range, download.target) !== 'part') return undefined;
      const chunks = await response.body.read([range]);
      return { validators: validatorsOf(response), total: totalOf(response), chunks };
    } finally {
      response.dispose();
    }
  } catch (error) {
    if (error instanceof RequestError) return undefined;
    throw error;
  }
}
