/** Where bazel-remote keeps entries beside its own disk: at most one (flags of v2.6, as variables of the environment). */
const backendNames = ['disk', 's3', 'gcs', 'azure'] as const;

export type BackendName = (typeof backendNames)[number];

/** A store behind the disk, by the names of its settings. */
export interface Backend {
  readonly name: Exclude<BackendName, 'disk'>;
  readonly settings: Readonly<Record<string, string>>;
}

/** Where the file of Google credentials is in the container. */
const credentialsInside = '/etc/bazel-remote/gcs.json';

interface Variables {
  /** Names of settings that must be there. */
  readonly wanted: readonly string[];
  /** Variable by setting. */
  readonly names: Readonly<Record<string, string>>;
}

const known: Readonly<Record<Backend['name'], Variables>> = {
  s3: {
    wanted: ['bucket', 's3-endpoint'],
    names: {
      's3-endpoint': 'BAZEL_REMOTE_S3_ENDPOINT',
      bucket: 'BAZEL_REMOTE_S3_BUCKET',
      prefix: 'BAZEL_REMOTE_S3_PREFIX',
      's3-region': 'BAZEL_REMOTE_S3_REGION',
      'backend-auth': 'BAZEL_REMOTE_S3_AUTH_METHOD',
      's3-key-id': 'BAZEL_REMOTE_S3_ACCESS_KEY_ID',
    },
  },
  gcs: { wanted: ['bucket'], names: { bucket: 'BAZEL_REMOTE_GCS_BUCKET' } },
  azure: {
    wanted: ['bucket', 'azure-account'],
    names: {
      'azure-account': 'BAZEL_REMOTE_AZBLOB_STORAGE_ACCOUNT',
      bucket: 'BAZEL_REMOTE_AZBLOB_CONTAINER_NAME',
      prefix: 'BAZEL_REMOTE_AZBLOB_PREFIX',
      'azure-tenant': 'BAZEL_REMOTE_AZBLOB_TENANT_ID',
      'backend-auth': 'BAZEL_REMOTE_AZBLOB_AUTH_METHOD',
    },
  },
};

/** Ways to log in, the usual one first. */
export const backendLogins: Readonly<Record<Backend['name'], readonly string[]>> = {
  s3: ['access_key', 'iam_role'],
  gcs: ['file', 'default'],
  azure: ['shared_key', 'default'],
};

/** Settings that a backend takes. */
export function backendSettings(name: Backend['name']): string[] {
  const more = name === 'gcs' ? ['backend-auth', 'gcs-credentials'] : [];
  return [...Object.keys(known[name].names), ...more];
}

/** Settings that are missing. */
export function missingOf({ name, settings }: Backend): string[] {
  const login = settings['backend-auth'];
  const wanted = [
    ...known[name].wanted,
    ...(name === 's3' && login === 'access_key' ? ['s3-key-id'] : []),
    ...(name === 'gcs' && login === 'file' ? ['gcs-credentials'] : []),
  ];
  return wanted.filter((one) => settings[one] === undefined);
}

/** What stands in the environment of the container; no secret. */
export function backendVariables({ name, settings }: Backend): Record<string, string> {
  const variables = Object.entries(known[name].names).flatMap(([setting, variable]) => {
    const value = settings[setting];
    return value === undefined ? [] : [[variable, value]];
  });
  const google =
    settings['backend-auth'] === 'file'
      ? { BAZEL_REMOTE_GCS_JSON_CREDENTIALS_FILE: credentialsInside }
      : { BAZEL_REMOTE_GCS_USE_DEFAULT_CREDENTIALS: 'true' };
  return { ...Object.fromEntries(variables), ...(name === 'gcs' ? google : {}) };
}

/** The variable that holds the secret of the login; undefined for a login without one. */
export function secretVariable({ name, settings }: Backend): string | undefined {
  const login = settings['backend-auth'];
  if (name === 's3' && login === 'access_key') return 'BAZEL_REMOTE_S3_SECRET_ACCESS_KEY';
  if (name === 'azure' && login === 'shared_key') return 'BAZEL_REMOTE_AZBLOB_SHARED_KEY';
  return undefined;
}

/** Files of the host that the container must read, and where they are in there. */
export function backendFiles({ name, settings }: Backend): [string, string][] {
  const file = settings['gcs-credentials'];
  return name === 'gcs' && settings['backend-auth'] === 'file' && file !== undefined
    ? [[file, credentialsInside]]
    : [];
}
