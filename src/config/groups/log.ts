import { bool, oneOf, text } from '../scalars.ts';
import { variable } from '../variable.ts';

/** The log. */
export const log = {
  logFormat: variable<'pretty' | 'structured' | 'json' | 'gcp'>({
    env: 'IMGPROXY_LOG_FORMAT',
    type: oneOf('pretty', 'structured', 'json', 'gcp'),
    default: {
      text: '`pretty` on a terminal, else `structured`',
      derive: () => (process.stdout.isTTY ? 'pretty' : 'structured'),
    },
    meaning: 'What a line looks like.',
  }),
  logLevel: variable({
    env: 'IMGPROXY_LOG_LEVEL',
    type: oneOf('error', 'warn', 'info', 'debug'),
    default: 'info',
    meaning: 'The least weight that is logged.',
  }),
  syslogEnable: variable({
    env: 'IMGPROXY_SYSLOG_ENABLE',
    type: bool,
    default: false,
    meaning: 'Sends the log to syslog too.',
  }),
  syslogLevel: variable({
    env: 'IMGPROXY_SYSLOG_LEVEL',
    type: oneOf('crit', 'error', 'warning', 'warn', 'info', 'debug'),
    default: 'info',
    meaning: 'The least weight that syslog gets.',
  }),
  syslogNetwork: variable({
    env: 'IMGPROXY_SYSLOG_NETWORK',
    type: oneOf('', 'udp', 'tcp', 'unix', 'unixgram'),
    default: '',
    meaning:
      'The kind of network that leads to syslog; the local one, a Unix datagram socket, where unset.',
  }),
  syslogAddress: variable({
    env: 'IMGPROXY_SYSLOG_ADDRESS',
    type: text,
    default: '',
    meaning:
      'The address of syslog: `HOST:PORT`, or a socket’s path; `/dev/log` for the local one.',
  }),
  syslogTag: variable({
    env: 'IMGPROXY_SYSLOG_TAG',
    type: text,
    default: 'imgpeek',
    meaning: 'The tag that syslog gets.',
  }),
};
