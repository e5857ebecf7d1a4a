import type { TlsFiles } from '../../core/bazelRemote/deployment.ts';
import type { Taking } from './taking.ts';

/** Who may write, and whether what is sent can be read on the way. */
export interface Access {
  readonly htpasswd?: string;
  /** Name of the writers' login. */
  readonly login: string;
  readonly tls?: TlsFiles;
}

/** `folder` is where files of the cache go on the host. */
export function chooseAccess(
  { take, always }: Taking,
  there: Readonly<Record<string, string>>,
  { folder, name }: { readonly folder: string; readonly name: string },
): Access {
  const now = [
    ...(there.htpasswd === undefined ? [] : ['htpasswd']),
    ...(there.tls === undefined ? [] : ['tls']),
  ];
  const auth = always('auth', {
    value: now.length === 0 ? 'none' : now.join('+'),
    because:
      'whoever reaches it may write; htpasswd lets everybody read and logins write, its passwords readable on the way without tls; tls alone hides what is sent and lets everybody write; certificates of clients (mTLS) are not set up here',
  });
  const htpasswd = auth.includes('htpasswd')
    ? always('htpasswd', { value: `${folder}/htpasswd`, because: 'where the service reads it' })
    : undefined;
  const login = auth.includes('htpasswd')
    ? always('login', { value: 'ci', because: 'for those who write' })
    : 'ci';
  return {
    login,
    ...(htpasswd === undefined ? {} : { htpasswd }),
    ...(auth.includes('tls') ? { tls: chooseTls({ take, always }, folder, name) } : {}),
  };
}

function chooseTls(
  { take, always }: Pick<Taking, 'take' | 'always'>,
  folder: string,
  name: string,
): TlsFiles {
  const source = always('tls', {
    value: 'self-signed',
    because: 'made on the host for its address; every client must be given it. files: yours, on the host',
  });
  const isSelfSigned = source === 'self-signed';
  const because = isSelfSigned ? 'where it is made' : 'yours; the user that the image runs as must read it';
  const certificate = always('tls-certificate', { value: `${folder}/${name}.crt`, because });
  const key = always('tls-key', { value: `${folder}/${name}.key`, because });
  const authority = isSelfSigned ? undefined : take('tls-ca');
  return { certificate, key, isSelfSigned, ...(authority === undefined ? {} : { authority }) };
}
