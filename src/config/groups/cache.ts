import { list } from '../lists.ts';
import { bool, int, oneOf, seconds, text } from '../scalars.ts';
import { planned } from '../variable.ts';

/** A cache of answers in a store. */
export const cache = {
  cacheUse: planned({
    env: 'IMGPROXY_CACHE_USE',
    type: oneOf('', 'fs', 's3', 'gcs', 'abs', 'swift'),
    default: '',
    meaning: 'The store of the cache; without it there is none.',
  }),
  cachePathPrefix: planned({
    env: 'IMGPROXY_CACHE_PATH_PREFIX',
    type: text,
    default: '',
    meaning: 'Put before the paths in the store.',
  }),
  cacheBucket: planned({
    env: 'IMGPROXY_CACHE_BUCKET',
    type: text,
    default: '',
    meaning: 'The bucket of the store.',
  }),
  cacheKeyHeaders: planned<readonly string[]>({
    env: 'IMGPROXY_CACHE_KEY_HEADERS',
    type: list,
    default: [],
    meaning: 'Request headers that are part of the key.',
  }),
  cacheKeyCookies: planned<readonly string[]>({
    env: 'IMGPROXY_CACHE_KEY_COOKIES',
    type: list,
    default: [],
    meaning: 'Cookies that are part of the key.',
  }),
  cacheReportErrors: planned({
    env: 'IMGPROXY_CACHE_REPORT_ERRORS',
    type: bool,
    default: false,
    meaning: 'Reports failures of the store, and does not only go on without it.',
  }),
  cacheFsRoot: planned({
    env: 'IMGPROXY_CACHE_FS_ROOT',
    type: text,
    default: '',
    meaning: 'The directory of the store.',
  }),
  cacheS3Region: planned({
    env: 'IMGPROXY_CACHE_S3_REGION',
    type: text,
    default: '',
    meaning: 'The region of the bucket.',
  }),
  cacheS3Endpoint: planned({
    env: 'IMGPROXY_CACHE_S3_ENDPOINT',
    type: text,
    default: '',
    meaning: 'The endpoint, where it is not Amazon’s.',
  }),
  cacheS3EndpointUsePathStyle: planned({
    env: 'IMGPROXY_CACHE_S3_ENDPOINT_USE_PATH_STYLE',
    type: bool,
    default: true,
    meaning: 'Puts the bucket in the path and not in the host’s name.',
  }),
  cacheS3UseDecryptionClient: planned({
    env: 'IMGPROXY_CACHE_S3_USE_DECRYPTION_CLIENT',
    type: bool,
    default: false,
    meaning: 'Decrypts objects that a client encrypted.',
  }),
  cacheS3AssumeRoleArn: planned({
    env: 'IMGPROXY_CACHE_S3_ASSUME_ROLE_ARN',
    type: text,
    default: '',
    meaning: 'The role to take on.',
  }),
  cacheS3AssumeRoleExternalId: planned({
    env: 'IMGPROXY_CACHE_S3_ASSUME_ROLE_EXTERNAL_ID',
    type: text,
    default: '',
    meaning: 'The external id that the role asks for.',
  }),
  cacheGcsKey: planned({
    env: 'IMGPROXY_CACHE_GCS_KEY',
    type: text,
    default: '',
    secret: true,
    meaning: 'The JSON key of the service account.',
  }),
  cacheGcsEndpoint: planned({
    env: 'IMGPROXY_CACHE_GCS_ENDPOINT',
    type: text,
    default: '',
    meaning: 'The endpoint, where it is not Google’s.',
  }),
  cacheAbsName: planned({
    env: 'IMGPROXY_CACHE_ABS_NAME',
    type: text,
    default: '',
    meaning: 'The name of the Azure account.',
  }),
  cacheAbsKey: planned({
    env: 'IMGPROXY_CACHE_ABS_KEY',
    type: text,
    default: '',
    secret: true,
    meaning: 'The key of the Azure account.',
  }),
  cacheAbsEndpoint: planned({
    env: 'IMGPROXY_CACHE_ABS_ENDPOINT',
    type: text,
    default: '',
    meaning: 'The endpoint, where it is not Azure’s.',
  }),
  cacheSwiftUsername: planned({
    env: 'IMGPROXY_CACHE_SWIFT_USERNAME',
    type: text,
    default: '',
    meaning: 'The user of the Swift API.',
  }),
  cacheSwiftApiKey: planned({
    env: 'IMGPROXY_CACHE_SWIFT_API_KEY',
    type: text,
    default: '',
    secret: true,
    meaning: 'The key of the Swift API.',
  }),
  cacheSwiftAuthUrl: planned({
    env: 'IMGPROXY_CACHE_SWIFT_AUTH_URL',
    type: text,
    default: '',
    meaning: 'Where the user is authenticated.',
  }),
  cacheSwiftAuthVersion: planned({
    env: 'IMGPROXY_CACHE_SWIFT_AUTH_VERSION',
    type: int({ min: 0, max: 3 }),
    default: 0,
    meaning: 'The version of that protocol; 0 finds it out.',
  }),
  cacheSwiftTenant: planned({
    env: 'IMGPROXY_CACHE_SWIFT_TENANT',
    type: text,
    default: '',
    meaning: 'The tenant’s name, for version 2.',
  }),
  cacheSwiftDomain: planned({
    env: 'IMGPROXY_CACHE_SWIFT_DOMAIN',
    type: text,
    default: '',
    meaning: 'The domain’s name, for version 3.',
  }),
  cacheSwiftTimeout: planned({
    env: 'IMGPROXY_CACHE_SWIFT_TIMEOUT_SECONDS',
    type: seconds(),
    default: 60,
    meaning: 'How long data may take.',
  }),
  cacheSwiftConnectTimeout: planned({
    env: 'IMGPROXY_CACHE_SWIFT_CONNECT_TIMEOUT_SECONDS',
    type: seconds(),
    default: 10,
    meaning: 'How long a connection may take.',
  }),
};
