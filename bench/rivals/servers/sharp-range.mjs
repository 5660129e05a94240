import { download, serve } from './cluster.mjs';
import { readMetadata } from './metadata.mjs';

serve(async (source) => readMetadata(await download(source, { Range: 'bytes=0-65535' })));
