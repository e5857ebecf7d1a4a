import type { Gate } from '../source/services/gate.ts';
import type { AppOptions } from './appInput.ts';
import type { Host } from './host.ts';
import type { Questions } from './state/ask.ts';

export interface SignIn {
  readonly ask: Questions;
  readonly gate: Gate;
  readonly onToken: NonNullable<AppOptions['onToken']>;
  readonly notify: Host['notify'];
  readonly failed: (thrown: unknown, tried: string) => void;
}

/** Asks for a GitLab token, uses it when GitLab takes it, then offers to keep it in the keychain for the next start. */
export async function signIn({ ask, gate, onToken, notify, failed }: SignIn): Promise<void> {
  const token = await ask.secret({
    title: 'GitLab token',
    lines: [
      'Paste a personal access token with the scope read_api, or api where jobs shall be started or variables written.',
      'It is not shown, and never written to a log.',
    ],
  });
  if (!token) return;
  notify('asking GitLab');
  try {
    const kept = await onToken(token);
    const now = gate.armed();
    if ('off' in kept)
      return notify(`signed in for this run (or set GITLAB_TOKEN); not kept: ${kept.off}`, 'good');
    if (now.state === 'read-only' && now.locked)
      return notify('signed in until the end of this run; not kept: started with --read-only', 'good');
    notify('signed in', 'good');
    const isKept = await ask.confirm({
      title: 'Keep the token for the next start?',
      lines: [
        `An entry of this system’s keychain, for ${kept.server} alone. huskycat-tui logout takes it out.`,
        ...(now.state === 'armed' ? [] : ['This arms writes for ten minutes, as a does.']),
        'Without it the token is forgotten at the end of this run.',
      ],
    });
    if (!isKept) return notify('signed in until the end of this run');
    if (gate.armed().state !== 'armed') gate.arm();
    await gate.perform(kept.write);
    notify('signed in; the token is in the keychain', 'good');
  } catch (thrown) {
    failed(thrown, 'sign in');
  }
}
