import { expect, test } from 'vitest';
import { Canceller } from '../../src/cancel.ts';
import { shareAnswers } from '../../src/info/shared.ts';
import { Admission } from '../../src/server/admission.ts';
import { createInfoRoute } from '../../src/server/info-route.ts';
import { asking } from '../info/asking.ts';
import { DIMENSIONS } from '../native/probing.ts';

test('a request whose source never answers is a timeout', async () => {
  const never = shareAnswers(() => new Promise(() => {}));
  const parsed = { sourceUrl: 'http://a/', options: asking(DIMENSIONS) } as never;
  const route = createInfoRoute(() => parsed, never, {
    timeout: 20,
    secret: '',
    admission: new Admission({ workers: 1, queue: 0 }),
    isRefused: () => false,
  });
  const call = { target: '/info/_/plain/http://a/', authorization: '', canceller: new Canceller() };
  await expect(route(call, {})).rejects.toMatchObject({ code: 'TIMEOUT', status: 503 });
});
