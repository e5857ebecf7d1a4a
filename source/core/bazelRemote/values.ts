const policies = /^(?:no|always|unless-stopped|on-failure(?::\d{1,6})?)$/;
const image =
  /^(?:[a-z0-9.-]+(?::\d+)?\/)?[a-z0-9]+(?:[._-]+[a-z0-9]+)*(?:\/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)*(?::\w[\w.-]{0,127})?(?:@sha256:[0-9a-f]{64})?$/;

/** Why a value cannot be meant, by the name of its setting; undefined when it can. */
export const valueProblems: Readonly<Record<string, (value: string) => string | undefined>> = {
  name: (value) =>
    /^[a-zA-Z0-9][a-zA-Z0-9_.-]{1,200}$/.test(value)
      ? undefined
      : 'a container’s name is two or more letters, digits, `_`, `.` and `-`, and begins with a letter or digit',
  data: (value) => dataProblem(value),
  image: (value) => (image.test(value) ? undefined : 'an image is written as host/path:tag or …@sha256:…'),
  size: (value) => numberProblem(value, 1, 1_000_000, 'GiB'),
  'http-port': (value) => numberProblem(value, 1, 65_535),
  'grpc-port': (value) => numberProblem(value, 1, 65_535),
  bind: (value) => (isAddress(value) ? undefined : 'an IP address is wanted'),
  restart: (value) =>
    policies.test(value) ? undefined : 'it is no, always, unless-stopped, on-failure or on-failure:N',
  memory: (value) => (/^\d{1,9}[bkmg]?$/i.test(value) ? undefined : 'it is a number with b, k, m or g: 4g'),
  cpus: (value) => (/^\d{1,4}(?:\.\d{1,3})?$/.test(value) ? undefined : 'it is a number: 2, 1.5'),
  htpasswd: (value) => pathProblem(value),
  'tls-certificate': (value) => pathProblem(value),
  'tls-key': (value) => pathProblem(value),
  'tls-ca': (value) => pathProblem(value),
  secrets: (value) => pathProblem(value),
  'gcs-credentials': (value) => pathProblem(value),
  bucket: (value) => wordProblem(value, /^[a-zA-Z0-9][\w.-]{1,221}$/),
  prefix: (value) => wordProblem(value, /^[\w.-]+(?:\/[\w.-]+)*$/),
  's3-endpoint': (value) =>
    wordProblem(value, /^(?:[a-zA-Z0-9](?:[\w.-]*[a-zA-Z0-9])?|\[[0-9a-f:]+\])(?::\d{1,5})?$/),
  's3-region': (value) => wordProblem(value, /^[a-z0-9-]{1,40}$/),
  's3-key-id': (value) => wordProblem(value, /^\w{1,128}$/),
  'azure-account': (value) => wordProblem(value, /^[a-z0-9]{3,24}$/),
  'azure-tenant': (value) => wordProblem(value, /^[a-zA-Z0-9][a-zA-Z0-9.-]{0,99}$/),
  namespace: (value) => labelProblem(value),
  context: (value) =>
    /^[^\s\p{Cc}-][^\s\p{Cc}]{0,252}$/u.test(value) ? undefined : 'a context’s name, without spaces',
  'storage-class': (value) => labelProblem(value),
  login: (value) =>
    /^[\w.@+][\w.@+-]{0,63}$/.test(value) ? undefined : 'letters, digits, `_`, `.`, `@`, `+`, `-`',
  timeout: (value) => numberProblem(value, 1, 86_400, 'seconds'),
  endpoint: (value) =>
    isAddress(value) ||
    /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*\.?$/i.test(value)
      ? undefined
      : 'a host’s name or address, without a port',
  user: (value) => (/^\d{1,9}:\d{1,9}$/.test(value) ? undefined : 'it is UID:GID, in numbers'),
};

function dataProblem(value: string): string | undefined {
  if (!value.startsWith('/'))
    return /^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/.test(value)
      ? undefined
      : 'it is an absolute folder, or the name of a volume';
  return pathProblem(value);
}

/** An IPv4 address in four numbers, or an IPv6 address without brackets. */
function isAddress(value: string): boolean {
  const parts = value.split('.');
  const isFour =
    parts.length === 4 && parts.every((one) => /^(?:0|[1-9]\d{0,2})$/.test(one) && Number(one) < 256);
  return isFour || (/^[0-9a-f:.]*:[0-9a-f:.]*$/i.test(value) && URL.canParse(`http://[${value}]/`));
}

/** A colon parts the fields of `--volume`, and a line break those of the answers that are read. */
function pathProblem(value: string): string | undefined {
  if (!value.startsWith('/')) return 'it is an absolute path';
  if (/[:\p{Cc}]/u.test(value)) return 'a path to mount holds no colon and no control character';
  if (value === '/' || /\/\.{1,2}(?:\/|$)/.test(value) || /\/\/|\/$/.test(value))
    return 'it is written without `.`, `..`, `//` and a slash at the end, and is not `/`';
  return undefined;
}

function wordProblem(value: string, shape: RegExp): string | undefined {
  return shape.test(value) ? undefined : `it is written as ${shape.source}`;
}

/** Names of objects of Kubernetes (RFC 1123). */
function labelProblem(value: string): string | undefined {
  return /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(value)
    ? undefined
    : 'small letters, digits and `-`, 63 at most';
}

function numberProblem(value: string, least: number, most: number, unit = ''): string | undefined {
  const number = Number(value);
  if (/^\d+$/.test(value) && number >= least && number <= most) return undefined;
  return `it is a whole number${unit === '' ? '' : ` of ${unit}`} from ${least} to ${most}`;
}
