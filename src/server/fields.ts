/**
 * The fields of a request's head that are read here or by µWS, by lower-case name. Of more fields
 * than µWS holds these are kept.
 */
export const READ_FIELDS: readonly string[] = [
  'accept',
  'authorization',
  'connection',
  'content-length',
  'cookie',
  'expect',
  'host',
  'if-modified-since',
  'if-none-match',
  'traceparent',
  'tracestate',
  'transfer-encoding',
  'x-forwarded-host',
  'x-forwarded-port',
  'x-forwarded-proto',
  'x-request-id',
];
