import type { Config } from '../config/table.ts';
import type { Level } from './entry.ts';
import { createFormat } from './formats.ts';
import { createLog, type Log, type Sink } from './log.ts';
import { StdoutSink } from './stdout.ts';
import { SyslogSink } from './syslog.ts';

/** Configuration that the log depends on. */
export type LogConfig = Pick<
  Config,
  | 'logFormat'
  | 'logLevel'
  | 'syslogEnable'
  | 'syslogLevel'
  | 'syslogNetwork'
  | 'syslogAddress'
  | 'syslogTag'
>;

/** imgproxy's words for the weights of syslog. */
const SYSLOG_LEVELS: Readonly<Record<Config['syslogLevel'], Level>> = {
  crit: 'error',
  error: 'error',
  warning: 'warn',
  warn: 'warn',
  info: 'info',
  debug: 'debug',
};

/** Makes the log as it is configured: standard output, and syslog where it is enabled. */
export function createConfiguredLog(config: LogConfig): Log {
  const colour = process.stdout.isTTY === true;
  const sinks: Sink[] = [new StdoutSink(config.logLevel, createFormat(config.logFormat, colour))];
  if (config.syslogEnable) {
    sinks.push(
      new SyslogSink(
        {
          level: SYSLOG_LEVELS[config.syslogLevel],
          network: config.syslogNetwork,
          address: config.syslogAddress,
          tag: config.syslogTag,
        },
        createFormat(config.logFormat),
      ),
    );
  }
  return createLog(sinks);
}
