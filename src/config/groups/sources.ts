import { headerNames, headersBy, headerValue } from '../headers.ts';
import { list, type Pair, type Replacement, replacements } from '../lists.ts';
import { bool, httpUrl, int, seconds, text } from '../scalars.ts';
import { type ValueType, variable } from '../variable.ts';
import { VERSION } from '../version.ts';

const userAgent: ValueType<string> = {
  ...headerValue,
  parse: (value, sibling) =>
    headerValue.parse(value, sibling).replaceAll('%current_version', VERSION),
};

/** What source URLs are made from, and which may be fetched. */
export const sourceUrls = {
  baseUrl: variable({
    env: 'IMGPROXY_BASE_URL',
    type: text,
    default: '',
    meaning: 'Put before each source URL that does not begin with it.',
  }),
  urlReplacements: variable<readonly Replacement[]>({
    env: 'IMGPROXY_URL_REPLACEMENTS',
    type: replacements,
    default: [],
    meaning:
      'Prefixes of source URLs and what stands for them: `*` is anything but a slash, `$` and a number in braces is what one of them held.',
  }),
  allowedSources: variable<readonly string[]>({
    env: 'IMGPROXY_ALLOWED_SOURCES',
    type: list,
    default: [],
    meaning:
      'Prefixes that a source URL must begin with one of, `*` being anything but a slash; end a host with a slash. All where unset.',
  }),
  base64UrlIncludesFilename: variable({
    env: 'IMGPROXY_BASE64_URL_INCLUDES_FILENAME',
    type: bool,
    default: false,
    meaning: 'Drops what follows the last slash of a Base64 or encrypted source URL.',
  }),
  sourceUrlQuerySeparator: variable({
    env: 'IMGPROXY_SOURCE_URL_QUERY_SEPARATOR',
    type: text,
    default: '?',
    blank: true,
    meaning: 'What begins the query of a source URL other than HTTP; blank: there is none.',
  }),
  argumentsSeparator: variable({
    env: 'IMGPROXY_ARGUMENTS_SEPARATOR',
    type: text,
    default: ':',
    meaning: 'What divides an option’s name and arguments.',
  }),
};

/** How origins are asked. */
export const origins = {
  downloadTimeout: variable({
    env: 'IMGPROXY_DOWNLOAD_TIMEOUT',
    type: seconds({ min: 0.001 }),
    default: 5,
    meaning: 'How long an origin may take for what is fetched of one file, all in all.',
  }),
  clientKeepAliveTimeout: variable({
    env: 'IMGPROXY_CLIENT_KEEP_ALIVE_TIMEOUT',
    type: seconds(),
    default: 90,
    meaning: 'How long an idle connection to an origin is kept; 0 closes it after each response.',
  }),
  maxRedirects: variable({
    env: 'IMGPROXY_MAX_REDIRECTS',
    type: int({ min: 0 }),
    default: 10,
    meaning: 'How many redirects are followed.',
  }),
  userAgent: variable({
    env: 'IMGPROXY_USER_AGENT',
    type: userAgent,
    default: {
      text: '`imgpeek/%current_version`',
      derive: () => `imgpeek/${VERSION}`,
    },
    meaning: 'The `User-Agent` that origins see.',
  }),
  customRequestHeaders: variable<readonly Pair[]>({
    env: 'IMGPROXY_CUSTOM_REQUEST_HEADERS',
    type: headersBy('IMGPROXY_CUSTOM_HEADERS_SEPARATOR', '\\;'),
    default: [],
    secret: true,
    meaning: 'Headers that are added to each request to an origin.',
  }),
  requestHeadersPassthrough: variable<readonly string[]>({
    env: 'IMGPROXY_REQUEST_HEADERS_PASSTHROUGH',
    type: headerNames,
    default: [],
    meaning:
      'Names of the client’s headers that are handed on to the origin, but for those of a connection, those that frame a message, and an `Authorization` with our own secret.',
  }),
  cookiePassthrough: variable({
    env: 'IMGPROXY_COOKIE_PASSTHROUGH',
    type: bool,
    default: false,
    meaning: 'Hands the client’s cookies on to origins that they are meant for.',
  }),
  cookieBaseUrl: variable({
    env: 'IMGPROXY_COOKIE_BASE_URL',
    type: httpUrl,
    default: '',
    meaning: 'The URL that the client’s cookies belong to; the request’s own where unset.',
  }),
  cookiePassthroughAll: variable({
    env: 'IMGPROXY_COOKIE_PASSTHROUGH_ALL',
    type: bool,
    default: false,
    meaning: 'Hands all of the client’s cookies on to any origin.',
  }),
  allowLoopbackSourceAddresses: variable({
    env: 'IMGPROXY_ALLOW_LOOPBACK_SOURCE_ADDRESSES',
    type: bool,
    default: false,
    meaning: 'Lets origins be on this machine.',
  }),
  allowLinkLocalSourceAddresses: variable({
    env: 'IMGPROXY_ALLOW_LINK_LOCAL_SOURCE_ADDRESSES',
    type: bool,
    default: false,
    meaning: 'Lets origins have link-local addresses.',
  }),
  allowPrivateSourceAddresses: variable({
    env: 'IMGPROXY_ALLOW_PRIVATE_SOURCE_ADDRESSES',
    type: bool,
    default: true,
    meaning: 'Lets origins have addresses of private networks.',
  }),
  ignoreSslVerification: variable({
    env: 'IMGPROXY_IGNORE_SSL_VERIFICATION',
    type: bool,
    default: false,
    meaning: 'Accepts any certificate of an origin; never in production.',
  }),
  localFilesystemRoot: variable({
    env: 'IMGPROXY_LOCAL_FILESYSTEM_ROOT',
    type: text,
    default: '',
    meaning: 'The directory that `local://` URLs are read from; without it there are none.',
  }),
};
