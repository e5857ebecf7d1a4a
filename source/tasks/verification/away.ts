import type { Grant } from '../../services/grant.ts';
import type { CommandOptions, CommandResult } from '../../services/ssh/types.ts';
import type { Place } from '../engine/place.ts';

type Argv = readonly [string, ...string[]];

/**
 * Says its process group, then runs the command in the folder: sshd of a root login passes no signals on (session.c, "session
 * signalling requires privilege separation"), and lets a command whose channel is closed run on.
 */
const script = `printf 'group %s\\n' "$(ps -o pgid= -p $$ 2>/dev/null)"
cd "$1" && shift && "$@"`;

/** Where the process group is in the first line of standard output; empty where there is no ps. */
const firstLine = /^group[ \t]*(\d*)[ \t]*\n/;

/** Runs a long command in a folder of another host; what is stopped here, or takes too long, is ended there too. */
export async function changeAway(
  place: Place,
  grant: Grant,
  { folder, argv }: { readonly folder: string; readonly argv: Argv },
  options: CommandOptions,
): Promise<CommandResult> {
  let begin: string | undefined = '';
  let group: string | undefined;
  const onOutput = (text: string, stream: 'stdout' | 'stderr'): void => {
    if (stream === 'stderr' || begin === undefined) {
      options.onOutput?.(text, stream);
      return;
    }
    begin += text;
    if (!begin.includes('\n')) return;
    group = firstLine.exec(begin)?.[1];
    const rest = begin.replace(firstLine, '');
    begin = undefined;
    if (rest !== '') options.onOutput?.(rest, stream);
  };
  try {
    const result = await place.change(grant, ['sh', '-c', script, 'sh', folder, ...argv], {
      ...options,
      onOutput,
    });
    return { ...result, stdout: result.stdout.replace(firstLine, '') };
  } catch (thrown) {
    if (group)
      await place.change(grant, ['kill', '-TERM', '--', `-${group}`], { timeout: 5_000 }).catch(() => {});
    throw thrown;
  }
}
