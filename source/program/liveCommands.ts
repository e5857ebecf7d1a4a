import type { Command } from 'commander';
import type { AnswerOptions } from '../cli/answer.ts';
import type { Io } from '../cli/io.ts';
import type { CommonFlags } from '../compose/flags.ts';
import type { Session } from '../compose/session.ts';
import type { Snapshot, Source } from '../monitor/snapshot.ts';
import { withJson, withTarget } from './options.ts';

type Show = (snapshot: Snapshot, options: AnswerOptions, io: Io) => number;

interface LiveCommand {
  readonly name: string;
  readonly description: string;
  /** What has to be asked; all when absent. */
  readonly sources?: readonly Source[];
  readonly load: () => Promise<Show>;
}

const commands: readonly LiveCommand[] = [
  {
    name: 'status',
    description: 'every subject with its rung, age and one line of evidence',
    load: async () => (await import('../cli/status.ts')).showStatus,
  },
  {
    name: 'findings',
    description: 'what is wrong or risky, worst first',
    load: async () => (await import('../cli/status.ts')).showFindings,
  },
  {
    name: 'caches',
    description: 'Attic, bazel-remote, container layers, job caches: rung, size, latency, hit rate, drift',
    sources: ['checkout', 'attic', 'bazelRemote'],
    load: async () => (await import('../cli/caches.ts')).showCaches,
  },
  {
    name: 'variables',
    description: 'CI/CD variables: required, present, used, usable; never a value',
    sources: ['checkout', 'project', 'variables', 'protections'],
    load: async () => (await import('../cli/variables.ts')).showVariables,
  },
  {
    name: 'signing',
    description: 'signing credentials, and what the last signing jobs said',
    sources: ['checkout', 'project', 'variables', 'protections', 'signingJobs'],
    load: async () => (await import('../cli/signing.ts')).showSigning,
  },
  {
    name: 'runners',
    description: 'runners with their tags and state',
    sources: ['runners'],
    load: async () => (await import('../cli/runners.ts')).showRunners,
  },
];

/** Commands that show a snapshot: each asks its sources once, prints, and ends. */
export function addLiveCommands(
  program: Command,
  { io, version, done }: { io: Io; version: string; done: (status: number) => void },
): void {
  for (const command of commands)
    withJson(withTarget(program.command(command.name).description(command.description))).action(
      async (_flags: CommonFlags, given: Command) =>
        done(await runLive(command, { flags: given.optsWithGlobals(), version, io })),
    );
}

/** `status` for the bare command without a terminal: of the sandbox, when nothing is configured. */
export function runStatus(flags: CommonFlags, version: string, io: Io): Promise<number> {
  const [status] = commands;
  if (!status) throw new Error('no commands');
  return runLive(status, { flags, version, io, isSandboxWelcome: true });
}

async function runLive(
  { sources, load }: LiveCommand,
  given: { flags: CommonFlags; version: string; io: Io; isSandboxWelcome?: boolean },
): Promise<number> {
  const { flags, io } = given;
  return withSession(given, async ({ monitor, workspace }) => {
    if (workspace.isSandbox && !flags.sandbox)
      io.stderr('Nothing is configured: this is the sandbox. See: huskycat-tui --help\n');
    const [show] = await Promise.all([load(), monitor.refresh(sources)]);
    const options = { json: flags.json === true, now: new Date().toISOString() };
    return show(monitor.snapshot(), options, io);
  });
}

/** Opens a session for one command and closes it whatever happens. */
export async function withSession<T>(
  given: { flags: CommonFlags; version: string; isSandboxWelcome?: boolean },
  run: (session: Session) => Promise<T>,
): Promise<T> {
  const { openSession } = await import('../compose/session.ts');
  const session = await openSession({ isSandboxWelcome: false, ...given });
  try {
    return await run(session);
  } finally {
    await session.close();
  }
}
