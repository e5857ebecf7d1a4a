import { createHash } from 'node:crypto';

const letters = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

function md5(...parts: readonly (string | Buffer)[]): Buffer {
  const hash = createHash('md5');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

/** `$apr1$salt$…`, as `openssl passwd -apr1` and htpasswd make it (Apache's apr_md5.c). */
export function apr1(password: string, salt: string): string {
  const inner = md5(password, salt, password);
  const length = Buffer.byteLength(password);
  const parts: (string | Buffer)[] = [password, '$apr1$', salt];
  for (let left = length; left > 0; left -= 16) parts.push(inner.subarray(0, Math.min(16, left)));
  for (let bits = length; bits > 0; bits >>= 1)
    parts.push(bits & 1 ? Buffer.from([0]) : Buffer.from(password).subarray(0, 1));
  let digest = md5(...parts);
  for (let round = 0; round < 1000; round++)
    digest = md5(
      round & 1 ? password : digest,
      round % 3 === 0 ? '' : salt,
      round % 7 === 0 ? '' : password,
      round & 1 ? digest : password,
    );
  const groups = [
    [0, 6, 12],
    [1, 7, 13],
    [2, 8, 14],
    [3, 9, 15],
    [4, 10, 5],
  ].map(([a = 0, b = 0, c = 0]) => ((digest[a] ?? 0) << 16) | ((digest[b] ?? 0) << 8) | (digest[c] ?? 0));
  const text = [...groups.map((value) => base64(value, 4)), base64(digest[11] ?? 0, 2)].join('');
  return `$apr1$${salt}$${text}`;
}

function base64(value: number, count: number): string {
  return Array.from({ length: count }, (_, index) => letters[(value >> (6 * index)) & 63]).join('');
}

/** Whether a file of logins knows the `Basic …` of a request. */
export function knowsLogin(file: string, authorization: string | undefined): boolean {
  const [, encoded = ''] = /^Basic (.+)$/.exec(authorization ?? '') ?? [];
  const [, name, password = ''] =
    /^([^:]+):([\s\S]*)$/.exec(Buffer.from(encoded, 'base64').toString('utf8')) ?? [];
  return file.split('\n').some((line) => {
    const [, login, hash = ''] = /^([^:]+):(.+)$/.exec(line) ?? [];
    const [, salt] = /^\$apr1\$([^$]+)\$/.exec(hash) ?? [];
    return login !== undefined && login === name && salt !== undefined && apr1(password, salt) === hash;
  });
}
