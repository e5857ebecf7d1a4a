import { knowsLogin } from '../apr1.ts';
import { FileError, type FileSystem, superuser, type User } from '../fileSystem.ts';
import type { Container } from './container.ts';
import type { TlsPair } from './tls.ts';

type Flags = ReadonlyMap<string, string>;

/** What a program in the container reads of a file that is mounted there, as the user that it runs as. */
function readInside(path: string, container: Container, files: FileSystem): string {
  const { settings, image } = container;
  const mount = settings.mounts.find(({ target }) => target === path);
  if (!mount) throw new FileError('No such file or directory');
  const [uid = '0', gid = uid] = (settings.user ?? image.user).split(':');
  const user: User = { ...superuser, uid: Number(uid), gid: Number(gid), groups: [['nonroot', Number(gid)]] };
  const node = files.find(mount.source, superuser);
  if (!files.allows(node, user, 4)) throw new FileError('Permission denied');
  return files.read(mount.source, superuser).toString('utf8');
}

/** Who may read and write; a file that cannot be read knows nobody. */
export function admission(
  flags: Flags,
  container: Container,
  files: FileSystem,
): { readonly admits?: (what: 'read' | 'write', authorization: string | undefined) => boolean } {
  const path = flags.get('htpasswd_file');
  if (path === undefined) return {};
  const isOpen = flags.has('allow_unauthenticated_reads');
  return {
    admits(what, authorization) {
      if (what === 'read' && isOpen) return true;
      try {
        return knowsLogin(readInside(path, container, files), authorization);
      } catch (thrown) {
        if (thrown instanceof FileError) return false;
        throw thrown;
      }
    },
  };
}

/** The certificate and its key; undefined without TLS. */
export function tlsOf(
  flags: Flags,
  container: Container,
  files: FileSystem,
): TlsPair | { readonly refused: string } | undefined {
  const [certificate, key] = [flags.get('tls_cert_file'), flags.get('tls_key_file')];
  if (certificate === undefined && key === undefined) return undefined;
  let path = certificate ?? '';
  try {
    const cert = readInside(path, container, files);
    path = key ?? '';
    return { cert, key: readInside(path, container, files) };
  } catch (thrown) {
    if (!(thrown instanceof FileError)) throw thrown;
    return { refused: `error reading certificate/key pair: open ${path}: ${thrown.fault.toLowerCase()}` };
  }
}

/** Why a store behind the disk lets the program end at its start; without network none is reached later on. */
export function proxyRefusal(flags: Flags, container: Container, files: FileSystem): string | undefined {
  const method = flags.get('s3_auth_method');
  if (flags.has('s3_bucket') && method === undefined) return 's3.auth_method must be set';
  if (method === 'access_key' && (!flags.get('s3_access_key_id') || !flags.get('s3_secret_access_key')))
    return 's3.access_key_id and s3.secret_access_key must be set for the auth method access_key';
  if (!flags.has('gcs_bucket')) return undefined;
  const file = flags.get('gcs_json_credentials_file');
  if (file === undefined)
    return 'google: could not find default credentials. See https://cloud.google.com/docs/authentication/external/set-up-adc for more information';
  try {
    readInside(file, container, files);
    return undefined;
  } catch (thrown) {
    if (!(thrown instanceof FileError)) throw thrown;
    return `failed to read Google Credentials file '${file}': open ${file}: ${thrown.fault.toLowerCase()}`;
  }
}
