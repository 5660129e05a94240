import { bool, oneOf, text } from '../scalars.ts';
import { planned, variable } from '../variable.ts';

/** Metrics, traces and error reports. */
export const monitoring = {
  prometheusBind: variable({
    env: 'IMGPROXY_PROMETHEUS_BIND',
    type: text,
    default: '',
    meaning: 'The address and port of the metrics; without it there are none.',
  }),
  prometheusNamespace: variable({
    env: 'IMGPROXY_PROMETHEUS_NAMESPACE',
    type: text,
    default: '',
    meaning: 'Put before the metrics’ names.',
  }),
  openTelemetryEnable: planned({
    env: 'IMGPROXY_OPEN_TELEMETRY_ENABLE',
    type: bool,
    default: false,
    meaning: 'Sends traces to an OpenTelemetry collector.',
  }),
  openTelemetryEnableMetrics: planned({
    env: 'IMGPROXY_OPEN_TELEMETRY_ENABLE_METRICS',
    type: bool,
    default: false,
    meaning: 'Sends metrics too.',
  }),
  openTelemetryEnableLogs: planned({
    env: 'IMGPROXY_OPEN_TELEMETRY_ENABLE_LOGS',
    type: bool,
    default: false,
    meaning: 'Sends the log too.',
  }),
  openTelemetryServerCert: planned({
    env: 'IMGPROXY_OPEN_TELEMETRY_SERVER_CERT',
    type: text,
    default: '',
    meaning: 'The collector’s certificate, in PEM.',
  }),
  openTelemetryClientCert: planned({
    env: 'IMGPROXY_OPEN_TELEMETRY_CLIENT_CERT',
    type: text,
    default: '',
    meaning: 'Our certificate, in PEM.',
  }),
  openTelemetryClientKey: planned({
    env: 'IMGPROXY_OPEN_TELEMETRY_CLIENT_KEY',
    type: text,
    default: '',
    secret: true,
    meaning: 'Our certificate’s key, in PEM.',
  }),
  openTelemetryTraceIdGenerator: planned({
    env: 'IMGPROXY_OPEN_TELEMETRY_TRACE_ID_GENERATOR',
    type: oneOf('xray', 'random'),
    default: 'xray',
    meaning: 'How trace ids are made.',
  }),
  openTelemetryPropagateExternal: planned({
    env: 'IMGPROXY_OPEN_TELEMETRY_PROPAGATE_EXTERNAL',
    type: bool,
    default: false,
    meaning: 'Hands the trace on to origins.',
  }),
  sentryDsn: planned({
    env: 'IMGPROXY_SENTRY_DSN',
    type: text,
    default: '',
    secret: true,
    meaning: 'Where errors are reported.',
  }),
  sentryEnvironment: planned({
    env: 'IMGPROXY_SENTRY_ENVIRONMENT',
    type: text,
    default: 'production',
    meaning: 'The environment that reports name.',
  }),
  sentryRelease: planned({
    env: 'IMGPROXY_SENTRY_RELEASE',
    type: text,
    default: '',
    meaning: 'The release that reports name.',
  }),
};
