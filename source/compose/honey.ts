import type { Activity } from '../services/activity.ts';
import type { ShellOptions } from '../services/ssh/openShell.ts';
import type { Notice } from '../services/ssh/types.ts';

type AskHostKey = NonNullable<ShellOptions['ask']>;

/** Asks about a host key once: a monitor that looks again and again must not ask again and again. */
export function askOnce(ask: AskHostKey): AskHostKey {
  const answers = new Map<string, ReturnType<AskHostKey>>();
  return (key, signal) => {
    const id = `${key.host} ${key.fingerprint}`;
    const known = answers.get(id);
    if (known) return known;
    const answer = ask(key, signal);
    answers.set(id, answer);
    // An abort is no answer: the next look may ask again.
    answer.catch(() => answers.delete(id));
    return answer;
  };
}

/** Shows what a server says while somebody logs in, such as a page to visit first, among the activities. */
export function showNotices(activity: Activity): (notice: Notice) => void {
  return ({ kind, text, url }) =>
    activity.begin('ssh', `${kind}: ${text}`).end(url ?? '', kind === 'warning');
}
