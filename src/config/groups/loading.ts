import { bool, text } from '../scalars.ts';
import { variable } from '../variable.ts';

/** How the configuration itself is read. */
export const loading = {
  envLocalFilePath: variable({
    env: 'IMGPROXY_ENV_LOCAL_FILE_PATH',
    type: text,
    default: '',
    meaning:
      'A file of variables, `NAME=value` a line, that count before those of the environment.',
  }),
  failOnDeprecation: variable({
    env: 'IMGPROXY_FAIL_ON_DEPRECATION',
    type: bool,
    default: false,
    meaning: 'Fails the start where a variable is set under a name that imgproxy has given up.',
  }),
  licenseKey: variable({
    env: 'IMGPROXY_LICENSE_KEY',
    type: text,
    default: '',
    secret: true,
    status: 'none',
    meaning: 'Accepted, and not needed.',
  }),
  envAwsSecretId: variable({
    env: 'IMGPROXY_ENV_AWS_SECRET_ID',
    type: text,
    default: '',
    status: 'unsupported',
    meaning: 'Loads variables from AWS Secrets Manager.',
  }),
  envAwsSsmParametersPath: variable({
    env: 'IMGPROXY_ENV_AWS_SSM_PARAMETERS_PATH',
    type: text,
    default: '',
    status: 'unsupported',
    meaning: 'Loads variables from the AWS Systems Manager.',
  }),
  envGcpSecretId: variable({
    env: 'IMGPROXY_ENV_GCP_SECRET_ID',
    type: text,
    default: '',
    status: 'unsupported',
    meaning: 'Loads variables from Google’s Secret Manager.',
  }),
  // Read where the addon is loaded, before there is a configuration.
  addon: variable({
    env: 'IMGPEEK_ADDON',
    type: text,
    default: '',
    meaning:
      'The path of an addon to load in place of the one that was built, as for a build under sanitizers.',
  }),
};
