import type { Command } from 'commander';
import type { Io } from '../cli/io.ts';
import type { CommonFlags } from '../compose/flags.ts';
import { NeedsUser } from '../core/failure.ts';
import type { Secret } from '../core/secret.ts';
import { plain } from '../core/text/safe.ts';
import { withTarget } from './options.ts';

interface Bound {
  readonly io: Io;
  readonly version: string;
  readonly done: (status: number) => void;
}

/** `login` and `logout`: a GitLab token in the keychain. */
export function addLoginCommands(program: Command, { io, version, done }: Bound): void {
  withTarget(program.command('login'))
    .description('keep a GitLab token in the keychain, after GitLab has accepted it')
    .action(async (_given: unknown, command: Command) => {
      const flags = command.optsWithGlobals<CommonFlags>();
      const { openLogin } = await import('../compose/login.ts');
      const login = await openLogin(flags, version);
      const { kind, user, expiresAt } = await login.signIn(await givenToken(flags, login.server));
      const until = expiresAt === undefined ? '' : `, until ${expiresAt}`;
      io.stdout(
        `Signed in to ${login.server} with a ${kind} token${user ? ` of ${plain(user)}` : ''}${until}.\n`,
      );
      done(0);
    });
  withTarget(program.command('logout'))
    .description('take the token out of the keychain')
    .action(async (_given: unknown, command: Command) => {
      const { openLogin } = await import('../compose/login.ts');
      const login = await openLogin(command.optsWithGlobals<CommonFlags>(), version);
      const removed = await login.signOut();
      io.stdout(removed ? `Signed out of ${login.server}.\n` : `There was no token for ${login.server}.\n`);
      done(0);
    });
}

/** From `--token-file`, or asked on the terminal. */
async function givenToken({ tokenFile }: CommonFlags, server: string): Promise<Secret> {
  if (tokenFile !== undefined) {
    const { fileToken } = await import('../services/credentials/file.ts');
    const { createRedactor } = await import('../core/text/redact.ts');
    const { text } = await import('node:stream/consumers');
    return fileToken(tokenFile, { readInput: () => text(process.stdin), redactor: createRedactor() });
  }
  if (process.stdin.isTTY) {
    const { askSecret } = await import('./askSecret.ts');
    const token = await askSecret(`Token for ${server} (scope read_api, or api to change anything): `);
    if (token) return token;
  }
  throw new NeedsUser({
    tried: `sign in to ${server}`,
    saw: 'no token was given',
    next: [
      `Make one at ${server}/-/user_settings/personal_access_tokens with the scope read_api.`,
      'Give it on the terminal, or with --token-file FILE (- for standard input).',
    ],
    code: 'no-token',
  });
}
