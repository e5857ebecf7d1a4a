import type { AnyAuthMethod, AuthenticationType, BaseAgent, ParsedKey } from 'ssh2';
import { NeedsUser } from '../../core/failure.ts';
import { plain } from '../../core/text/safe.ts';
import { runReading } from '../process/run.ts';
import type { Target } from './configuration.ts';
import type { Identities } from './identities.ts';

/** Logging in, one method after another, and what there is to tell when none did it. */
export interface Authentication {
  /** For ssh2: the next method, or false when there is none left. */
  next(left: readonly AuthenticationType[] | null): AnyAuthMethod | false;
  /** `error` is what ended it: the server may have said why. */
  failure(error: unknown): Promise<NeedsUser>;
}

export interface AuthenticationOptions {
  readonly target: Target;
  readonly identities: Identities;
  /** Of `target.agent`. */
  readonly agent?: BaseAgent<ParsedKey>;
  /** A question of the server that this program does not answer. */
  readonly onPrompt: (text: string) => void;
}

/**
 * As ssh does it: nothing at all first (a Tailscale host lets in by the network), then the agent, then the identity files.
 * Questions of the server are shown, never answered: no password passes through here.
 */
export function createAuthentication({
  target,
  identities,
  agent,
  onPrompt,
}: AuthenticationOptions): Authentication {
  const username = target.user;
  const tried: string[] = [];
  const asked: string[] = [];
  let accepted: readonly string[] = [];
  const methods: { name: string; needs: AuthenticationType; method: AnyAuthMethod }[] = [
    { name: 'none', needs: 'none', method: { type: 'none', username } },
    ...(agent
      ? [{ name: 'agent', needs: 'publickey', method: { type: 'agent', username, agent } } as const]
      : []),
    ...identities.keys.map(
      ({ path, key }) =>
        ({ name: path, needs: 'publickey', method: { type: 'publickey', username, key } }) as const,
    ),
    {
      name: 'keyboard-interactive',
      needs: 'keyboard-interactive',
      method: {
        type: 'keyboard-interactive',
        username,
        prompt: (name, instructions, _language, prompts, finish) => {
          const text = plain(
            [name, instructions, ...prompts.map(({ prompt }) => prompt)].filter(Boolean).join(' '),
          );
          asked.push(text);
          onPrompt(text);
          finish([]);
        },
      },
    },
  ];
  return {
    next(left) {
      if (left) accepted = left;
      for (let one = methods.shift(); one; one = methods.shift()) {
        if (left && !left.includes(one.needs)) continue;
        tried.push(one.name);
        return one.method;
      }
      return false;
    },
    async failure(error) {
      const inAgent = await describeAgent(target.agent);
      const saw = [
        `the server let none of these in: ${tried.map((name) => plain(name, 200)).join(', ')}`,
        `it takes ${plain(accepted.join(', '), 200) || 'nothing that it names'}`,
        inAgent,
        ...(error instanceof Error && !error.message.startsWith('All configured')
          ? [plain(error.message, 200)]
          : []),
        ...identities.unusable.map(({ path, because }) => `${plain(path, 200)}: ${because}`),
        ...asked.map((text) => `it asked: ${text}`),
      ].join('; ');
      const details = { tried: `log in as ${username} on ${target.hostName}`, saw };
      const by = `See what ssh itself says: ${target.byHand} -v`;
      const [locked] = identities.encrypted;
      if (locked !== undefined)
        return new NeedsUser({
          ...details,
          saw: `${saw}; ${plain(locked, 200)} is encrypted and the agent does not offer it`,
          next: [`Add it to the agent: ssh-add ${plain(locked, 200)}`, by],
          code: 'key-encrypted',
        });
      const add = 'Put a key that the server knows into the agent (ssh-add) or name it with IdentityFile.';
      return new NeedsUser({ ...details, next: [add, by], code: 'auth-failed' });
    },
  };
}

/** Whether there is an agent and what it holds, by `ssh-add -L`: for the words of a failure. */
async function describeAgent(socket: string | undefined): Promise<string> {
  if (socket === undefined) return 'there is no agent (SSH_AUTH_SOCK is not set)';
  try {
    const { code, stdout } = await runReading(['ssh-add', '-L'], {
      env: { SSH_AUTH_SOCK: socket, LC_ALL: 'C' },
      timeout: 5_000,
    });
    if (code === 1) return 'the agent holds no key';
    if (code !== 0) return `no agent answers at ${plain(socket, 200)}`;
    const keys = stdout.split('\n').filter((line) => line.trim() !== '');
    const hardware = keys.filter((line) => line.startsWith('sk-')).length;
    const note =
      hardware > 0 ? `, ${hardware} of them security keys (sk-), which this program cannot use` : '';
    return `the agent holds ${keys.length} key${keys.length === 1 ? '' : 's'}${note}`;
  } catch {
    return 'the agent could not be asked';
  }
}
