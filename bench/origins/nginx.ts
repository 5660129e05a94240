import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findPort, type Service, startService } from '../rivals/service.ts';

/** nginx, serving a folder as plainly as it can. */
export interface PlainOrigin {
  url: string;
  stop(): Promise<void>;
}

/**
 * Starts nginx with one worker on a free port of the loopback.
 *
 * @param root The folder that it serves.
 * @param folder Where it keeps its own files.
 */
export async function startNginx(root: string, folder: string): Promise<PlainOrigin> {
  const port = await findPort();
  mkdirSync(folder, { recursive: true });
  const config = join(folder, 'nginx.conf');
  writeFileSync(config, toConfig(root, folder, port));
  const service: Service = await startService({
    command: '/usr/sbin/nginx',
    args: ['-p', folder, '-c', config, '-e', 'stderr'],
    env: {},
    port,
  });
  return { url: service.base, stop: () => service.stop() };
}

function toConfig(root: string, folder: string, port: number): string {
  // Workers of a master that is root become nobody else: the files are the caller's own.
  const user = process.getuid?.() === 0 ? 'user root;' : '';
  return `
daemon off;
${user}
worker_processes 1;
pid ${folder}/nginx.pid;
events { worker_connections 4096; }
http {
  access_log off;
  types { image/jpeg jpg; image/png png; image/heic heic; video/mp4 mp4; }
  sendfile on;
  tcp_nopush on;
  open_file_cache max=100 inactive=1h;
  keepalive_requests 1000000000;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  server {
    listen 127.0.0.1:${port} backlog=4096;
    root ${root};
  }
}
`;
}
