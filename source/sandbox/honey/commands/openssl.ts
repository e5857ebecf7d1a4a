import { randomBytes } from 'node:crypto';
import { apr1 } from '../apr1.ts';
import { FileError, resolvePath } from '../fileSystem.ts';
import type { Program } from '../shell/context.ts';
import { makeCertificate } from './certificate.ts';

/** `openssl version`, `openssl passwd -apr1 -stdin`, and `openssl req -x509` for a self-signed certificate. */
export const openssl: Program = async (args, execution) => {
  const { machine, shell, user, out, err } = execution;
  const [verb = '', ...rest] = args;
  if (verb === 'version') {
    out('OpenSSL 3.2.2 4 Jun 2024 (Library: OpenSSL 3.2.2 4 Jun 2024)\n');
    return 0;
  }
  if (verb === 'passwd' && rest.includes('-apr1') && rest.includes('-stdin')) {
    const [line = ''] = (await execution.input()).toString('utf8').split('\n');
    out(`${apr1(line, randomBytes(6).toString('base64').replaceAll('+', '.'))}\n`);
    return 0;
  }
  if (verb !== 'req' || !rest.includes('-x509')) {
    err(`honey: only \`openssl version\`, \`passwd -apr1 -stdin\` and \`req -x509\` are here, not ${verb}\n`);
    return 1;
  }
  const all = (name: string): string[] =>
    rest.flatMap((word, index) => (rest[index - 1] === name ? [word] : []));
  const [certificateFile = '', keyFile = ''] = [all('-out')[0], all('-keyout')[0]];
  const alternatives = all('-addext')
    .flatMap((text) => /^subjectAltName=(.*)$/.exec(text)?.[1]?.split(',') ?? [])
    .map((one) => one.trim());
  const [, commonName = ''] = /^\/CN=(.+)$/.exec(all('-subj')[0] ?? '') ?? [];
  const made = makeCertificate(commonName, alternatives, {
    now: machine.now(),
    days: Number(all('-days')[0] ?? 30),
  });
  try {
    for (const [name, text] of [
      [keyFile, made.key],
      [certificateFile, made.certificate],
    ] as const) {
      const path = resolvePath(shell.cwd, name);
      machine.files.write(path, Buffer.from(text), user);
      machine.files.find(path, user).mode = 0o600;
    }
    return 0;
  } catch (thrown) {
    if (!(thrown instanceof FileError)) throw thrown;
    err(`Can't open "${keyFile}" for writing, ${thrown.fault}\n`);
    return 1;
  }
};
