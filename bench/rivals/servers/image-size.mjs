import { imageSize } from 'image-size';
import { request } from 'undici';
import { serve } from './cluster.mjs';

serve(async (source) => {
  const { statusCode, body } = await request(source);
  if (statusCode !== 200) throw new Error(`the origin says ${statusCode}`);
  body.on('error', () => {});
  let bytes = Buffer.alloc(0);
  for await (const piece of body) {
    bytes = Buffer.concat([bytes, piece]);
    const answer = tryToTell(bytes);
    if (answer) return answer;
  }
  return imageSize(bytes);
});

/** The library takes bytes alone, and throws where they are too few. */
function tryToTell(bytes) {
  try {
    return imageSize(bytes);
  } catch {
    return undefined;
  }
}
