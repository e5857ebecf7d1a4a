import { setTimeout as delay } from 'node:timers/promises';
import { Unavailable } from '../../core/failure.ts';
import { plain } from '../../core/text/safe.ts';
import type { Write } from '../../services/gate.ts';
import type { Shell } from '../../services/ssh/types.ts';
import { busy, isStale, type Lock, type LockOptions, lost, ownerText, releasing, taking } from './lock.ts';

/** One for all users of the host; gone when it starts anew, as what it protects from is. */
export const hostLock = '/tmp/huskycat-tui.lock';

const takeIt = 'mkdir "$1" && cat > "$1/owner"';
/** Seconds in which a lock must have got a name. */
const patience = 10;

const dropIt = 'test "$(cat "$1/owner" 2>/dev/null)" = "$2" && rm -r "$1"';

/** Locks a host for all users and machines: a folder that only one can make. Throws `NeedsUser` while another run has it. */
export async function lockHost(shell: Shell, options: LockOptions): Promise<Lock> {
  const { workspace, run, task } = options;
  const key = `host ${shell.address}`;
  const text = (await ownerText(options)).trim();
  const change = (title: string, perform: Write<boolean>['perform']): Promise<boolean> =>
    workspace.gate.perform({
      title,
      effect: 'remote',
      target: `${shell.address}:${hostLock}`,
      detail: hostLock,
      undo: { text: `Remove ${hostLock}.`, command: `rm -r ${hostLock}` },
      task,
      taskRun: run,
      perform,
      result: (isDone) => (isDone ? 'done' : 'somebody else has it'),
    });
  const remove = (held: string): Promise<boolean> =>
    change('Unlock the host', async (grant) => {
      const { code } = await shell.change(grant, ['sh', '-c', dropIt, 'sh', hostLock, held]);
      return code === 0;
    });
  const held = async (): Promise<string | undefined> => {
    const { code, stdout } = await shell.read(['cat', `${hostLock}/owner`]);
    return code === 0 ? stdout.trim() : undefined;
  };
  /** Whoever makes the folder names himself at once; one that stays nameless was cut off in between. */
  const named = async (): Promise<string | undefined> => {
    for (let look = 1; ; look += 1) {
      const owner = await held();
      const isNameless = owner === undefined || owner === '';
      if (!isNameless || look >= patience || !(await exists(shell))) return owner;
      await delay(1_000, undefined, options.signal ? { signal: options.signal } : {});
    }
  };
  for (let isFirst = true; ; isFirst = false) {
    let said = '';
    const take = () =>
      change('Lock the host', async (grant, signal) => {
        const { code, stderr } = await shell.change(grant, ['sh', '-c', takeIt, 'sh', hostLock], {
          input: text,
          signal,
        });
        said = stderr;
        return code === 0;
      });
    if (await taking(text, take)) break;
    const owner = await named();
    if (owner === undefined && !(await exists(shell))) throw unlockable(shell, said);
    const isNameless = owner === undefined || owner === '';
    const mayBreak = options.isBroken === true || isNameless || (await isStale(owner));
    if (!mayBreak || !isFirst) throw busy(key, owner ?? '');
    await remove(owner ?? '');
  }
  return {
    async check() {
      if ((await held()) !== text) throw lost(key);
    },
    async release() {
      // A host that cannot be reached keeps the lock; it is known to be ours, and broken, by the next run from here.
      await releasing(text, () => remove(text)).catch(() => false);
    },
  };
}

async function exists(shell: Shell): Promise<boolean> {
  return (await shell.read(['test', '-d', hostLock])).code === 0;
}

function unlockable({ address }: Shell, said: string): Unavailable {
  return new Unavailable({
    tried: `lock ${address}`,
    saw: plain(said.trim()) || `${hostLock} could not be made`,
    next: [`Make it possible to create a folder in /tmp on ${address}.`],
    code: 'cannot-lock',
  });
}
