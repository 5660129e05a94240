import probe from 'probe-image-size';
import { request } from 'undici';
import { serve } from './cluster.mjs';

serve(async (source) => {
  const { statusCode, body } = await request(source);
  if (statusCode !== 200) throw new Error(`the origin says ${statusCode}`);
  body.on('error', () => {});
  const answer = await probe(body, true);
  body.destroy();
  return answer;
});
