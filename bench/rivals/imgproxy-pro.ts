import { type Rival, readFlatDimensions } from './rival.ts';

/** A running imgproxy Pro, which nobody may hand out. */
export function createImgproxyPro(url: string | undefined): Rival {
  return {
    name: 'imgproxy-pro',
    how: '/info of the one that IMGPROXY_PRO_URL names, run as its owner runs it',
    answers: 'everything',
    fetches: 'whole',
    prepare: async () => (url === undefined ? 'IMGPROXY_PRO_URL names none' : undefined),
    start: async () => ({ base: url ?? '', pid: 0, stop: async () => undefined }),
    path: (source) => `/info/_/plain/${encodeURIComponent(source)}`,
    readDimensions: readFlatDimensions,
  };
}
