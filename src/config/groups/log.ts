import { bool, oneOf, text } from '../scalars.ts';
import { planned, variable } from '../variable.ts';

/** The log. */
export const log = {
  logFormat: variable({
    env: 'IMGPROXY_LOG_FORMAT',
    type: oneOf('pretty', 'structured', 'json', 'gcp'),
    default: {
      text: '`pretty` on a terminal, else `structured`',
      derive: () => (process.stdout.isTTY ? 'pretty' : 'structured'),
    },
    status: 'planned',
    meaning: 'What a line looks like.',
  }),
  logLevel: variable({
    env: 'IMGPROXY_LOG_LEVEL',
    type: oneOf('error', 'warn', 'info', 'debug'),
    default: 'info',
    meaning: 'The least weight that is logged.',
  }),
  syslogEnable: planned({
    env: 'IMGPROXY_SYSLOG_ENABLE',
    type: bool,
    default: false,
    meaning: 'Sends the log to syslog too.',
  }),
  syslogLevel: planned({
    env: 'IMGPROXY_SYSLOG_LEVEL',
    type: oneOf('crit', 'error', 'warning', 'warn', 'info', 'debug'),
    default: 'info',
    meaning: 'The least weight that syslog gets.',
  }),
  syslogNetwork: planned({
    env: 'IMGPROXY_SYSLOG_NETWORK',
    type: text,
    default: '',
    meaning: 'The kind of network that leads to syslog; the local one where unset.',
  }),
  syslogAddress: planned({
    env: 'IMGPROXY_SYSLOG_ADDRESS',
    type: text,
    default: '',
    meaning: 'The address of syslog.',
  }),
  syslogTag: planned({
    env: 'IMGPROXY_SYSLOG_TAG',
    type: text,
    default: 'imgpeek',
    meaning: 'The tag that syslog gets.',
  }),
};
