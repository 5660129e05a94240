import { goRivals } from './go.ts';
import { imgpeek } from './imgpeek.ts';
import { createImgproxyPro } from './imgproxy-pro.ts';
import { nodeRivals } from './node.ts';
import type { Rival } from './rival.ts';
import { thumbor } from './thumbor.ts';

/**
 * The servers of a run, imgpeek first.
 *
 * @param names Which beside imgpeek; all where undefined.
 * @param imgproxyPro Where a running imgproxy Pro answers.
 * @throws Error for a name that none has.
 */
export function chooseRivals(
  names: string[] | undefined,
  imgproxyPro: string | undefined,
): Rival[] {
  const all = [...nodeRivals, ...goRivals, thumbor, createImgproxyPro(imgproxyPro)];
  if (names === undefined) return [imgpeek, ...all];
  const chosen = names
    .filter((name) => name !== imgpeek.name)
    .map((name) => {
      const rival = all.find((candidate) => candidate.name === name);
      if (!rival) throw new Error(`--rivals: there is no "${name}"`);
      return rival;
    });
  return [imgpeek, ...chosen];
}
