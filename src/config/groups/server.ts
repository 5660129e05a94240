import { availableParallelism } from 'node:os';

import { headerValue } from '../headers.ts';
import { bool, int, oneOf, pathPrefix, seconds, text } from '../scalars.ts';
import { variable } from '../variable.ts';

/** How requests are taken in. */
export const server = {
  port: variable<number | undefined>({
    env: 'PORT',
    type: int({ min: 0, max: 65535 }),
    default: undefined,
    meaning: 'The port to listen on where `IMGPROXY_BIND` is unset.',
  }),
  bind: variable<string>({
    env: 'IMGPROXY_BIND',
    type: text,
    default: {
      text: '`:8080`, or the port of `PORT`',
      derive: ({ port }) => (port === undefined ? ':8080' : `:${port}`),
    },
    meaning:
      'The address and port to listen on, or a Unix socket’s path where `IMGPROXY_NETWORK` is `unix`.',
  }),
  network: variable({
    env: 'IMGPROXY_NETWORK',
    type: oneOf('tcp', 'tcp4', 'tcp6', 'unix'),
    default: 'tcp',
    meaning: 'The kind of network to listen on.',
  }),
  timeout: variable({
    env: 'IMGPROXY_TIMEOUT',
    type: seconds({ min: 0.001 }),
    default: 10,
    meaning: 'How long a request may take, all in all.',
  }),
  gracefulStopTimeout: variable<number>({
    env: 'IMGPROXY_GRACEFUL_STOP_TIMEOUT',
    type: seconds(),
    default: {
      text: 'twice `IMGPROXY_TIMEOUT`',
      derive: ({ timeout }) => 2 * (timeout as number),
    },
    meaning: 'How long requests under way may take to end when the server stops.',
  }),
  readRequestTimeout: variable({
    env: 'IMGPROXY_READ_REQUEST_TIMEOUT',
    type: seconds({ min: 0.001 }),
    default: 10,
    meaning: 'How long a client may take to send the head of its request.',
  }),
  writeResponseTimeout: variable({
    env: 'IMGPROXY_WRITE_RESPONSE_TIMEOUT',
    type: seconds({ min: 0.001 }),
    default: 10,
    meaning: 'How long a client that has stopped to take the response may take to receive it.',
  }),
  keepAliveTimeout: variable({
    env: 'IMGPROXY_KEEP_ALIVE_TIMEOUT',
    type: seconds(),
    default: 10,
    meaning: 'How long an idle client connection is kept; 0 closes it after each response.',
  }),
  workers: variable<number>({
    env: 'IMGPROXY_WORKERS',
    type: int({ min: 1 }),
    default: {
      text: '`IMGPROXY_MAX_CLIENTS`, or twice the number of CPU cores where `IMGPROXY_REQUESTS_QUEUE_SIZE` is set',
      derive: ({ requestsQueueSize, maxClients }) =>
        requestsQueueSize === 0
          ? (maxClients as number) || Number.MAX_SAFE_INTEGER
          : 2 * availableParallelism(),
    },
    meaning: 'How many requests are worked on at a time, in all processes; the others queue.',
  }),
  requestsQueueSize: variable({
    env: 'IMGPROXY_REQUESTS_QUEUE_SIZE',
    type: int({ min: 0 }),
    default: 0,
    meaning:
      'How many requests may queue, in all processes, before more are answered 429; 0 is no limit.',
  }),
  maxClients: variable({
    env: 'IMGPROXY_MAX_CLIENTS',
    type: int({ min: 0 }),
    default: 2048,
    meaning:
      'How many client connections may be open at a time, in all processes; further ones are closed. 0 is no limit.',
  }),
  soReuseport: variable({
    env: 'IMGPROXY_SO_REUSEPORT',
    type: bool,
    default: false,
    meaning: 'Lets further instances listen on the same port.',
  }),
  pathPrefix: variable({
    env: 'IMGPROXY_PATH_PREFIX',
    type: pathPrefix,
    default: '',
    meaning: 'The path that stands before `/info` and the other routes.',
  }),
  healthCheckMessage: variable({
    env: 'IMGPROXY_HEALTH_CHECK_MESSAGE',
    type: text,
    default: 'imgpeek is running',
    meaning: 'What the health check answers.',
  }),
  healthCheckPath: variable({
    env: 'IMGPROXY_HEALTH_CHECK_PATH',
    type: pathPrefix,
    default: '',
    meaning: 'A second path of the health check, beside `/health`.',
  }),
  serverName: variable({
    env: 'IMGPROXY_SERVER_NAME',
    type: headerValue,
    default: 'imgpeek',
    meaning: 'The `Server` header of responses.',
  }),
};
