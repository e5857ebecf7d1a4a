import { type Command, InvalidArgumentError } from 'commander';
import type { Io } from '../cli/io.ts';
import type { CommonFlags } from '../compose/flags.ts';
import type { GitLab } from '../services/gitlab/types.ts';
import { withGitLab } from './gitlab.ts';
import { withJson, withTarget } from './options.ts';

interface Bound {
  readonly io: Io;
  readonly version: string;
  readonly done: (status: number) => void;
}

/** `pipeline` and `log`: what GitLab runs, once or until it has ended. */
export function addPipelineCommands(program: Command, { io, version, done }: Bound): void {
  withJson(withTarget(program.command('pipeline')))
    .description('jobs, stages, needs, durations and critical path of a pipeline')
    .argument('[id]', 'the pipeline; the newest when absent', wholeNumber)
    .option('--ref <name>', 'the newest pipeline of a branch or tag')
    .option('--watch', 'until the pipeline has ended; the exit status is its result')
    .action(async (id: number | undefined, _given: unknown, command: Command) => {
      const flags = command.optsWithGlobals<CommonFlags & { ref?: string; watch?: boolean }>();
      const { showPipeline } = await import('../cli/pipeline.ts');
      const run = (gitlab: GitLab, signal: AbortSignal): Promise<number> =>
        showPipeline(
          gitlab,
          { ...picked(flags), ...(id === undefined ? {} : { id }), watch: flags.watch === true, signal },
          io,
        );
      done(await withGitLab(flags, version, run));
    });
  withJson(withTarget(program.command('log')))
    .description('a job’s log as clean text')
    .argument('<job>', 'its id, or its name in the newest pipeline')
    .option('--ref <name>', 'the branch or tag whose newest pipeline is meant')
    .option('--follow', 'until the job has ended')
    .option('--search <text>', 'only the lines with this text')
    .action(async (job: string, _given: unknown, command: Command) => {
      const flags = command.optsWithGlobals<
        CommonFlags & { ref?: string; follow?: boolean; search?: string }
      >();
      const { showLog } = await import('../cli/log.ts');
      const search = flags.search === undefined ? {} : { search: flags.search };
      const run = (gitlab: GitLab, signal: AbortSignal): Promise<number> =>
        showLog(gitlab, { ...picked(flags), ...search, job, follow: flags.follow === true, signal }, io);
      done(await withGitLab(flags, version, run));
    });
}

function picked({ ref, json }: { ref?: string; json?: boolean }) {
  return { json: json === true, now: Date.now, ...(ref === undefined ? {} : { ref }) };
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new InvalidArgumentError('must be the number of a pipeline');
  return value;
}
