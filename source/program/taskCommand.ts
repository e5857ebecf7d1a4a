import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Io } from '../cli/io.ts';
import type { CommonFlags } from '../compose/flags.ts';
import { planTargets } from '../core/plan/plan.ts';
import { withSession } from './liveCommands.ts';
import { withJson, withTarget } from './options.ts';
import type { TaskFlags } from './taskRun.ts';
import { type TaskVerb, taskVerbs } from './taskVerbs.ts';

/** `task NAME probe|plan|apply|verify|undo|resume`: one task of the plan, from looking at it to taking it back. */
export function addTaskCommand(
  program: Command,
  { io, version, done }: { io: Io; version: string; done: (status: number) => void },
): void {
  withJson(withTarget(program.command('task')))
    .description('a task of the build plan: look, plan, apply, verify, undo')
    .argument('<name>', 'name or number of the task, as `tasks` lists them')
    .argument('[verb]', taskVerbs.join(', '), verb, 'probe')
    .option('--option <name>', 'the way to do it, as `probe` lists them')
    .option('--set <key=value>', 'a setting of the plan; repeat for more', setting, {})
    .addOption(
      new Option('--target <target>', 'where changed files go').choices([...planTargets]).default('worktree'),
    )
    .option('--plan <file>', 'apply exactly this plan')
    .option('--out <file>', 'keep the plan in a file')
    .option('--run <id>', 'the run to resume or undo; the newest when absent')
    .option('--keep <step>', 'a step that undo leaves as it is; repeat for more', collect, [])
    .option('--break-lock', 'take the lock of a run that is certain to have ended')
    .option('--yes', 'do it without asking')
    .action(async (name: string, given: TaskVerb, _flags: unknown, command: Command) => {
      const flags = command.optsWithGlobals<CommonFlags & TaskFlags>();
      const { runTask } = await import('./taskRun.ts');
      done(
        await withSession({ flags, version }, (session) =>
          runTask({ name, verb: given, flags, session, io }),
        ),
      );
    });
}

function verb(text: string): TaskVerb {
  const known = taskVerbs.find((one) => one === text);
  if (known) return known;
  throw new InvalidArgumentError(`must be one of ${taskVerbs.join(', ')}`);
}

function setting(text: string, before: Readonly<Record<string, string>>): Record<string, string> {
  const [, key, value] = /^([^=]+)=([\s\S]*)$/.exec(text) ?? [];
  if (key === undefined || value === undefined) throw new InvalidArgumentError('must be KEY=VALUE');
  return { ...before, [key]: value };
}

function collect(value: string, before: readonly string[]): string[] {
  return [...before, value];
}
