import type { Command } from 'commander';
import type { Io } from '../cli/io.ts';
import { printable } from '../cli/text.ts';
import type { CommonFlags } from '../compose/flags.ts';
import { withJson, withTarget } from './options.ts';

interface Bound {
  readonly io: Io;
  readonly done: (status: number) => void;
}

/** `config`, `config set KEY VALUE`, `config unset KEY`: the options in force, and the file that keeps them. */
export function addConfigCommand(program: Command, { io, done }: Bound): void {
  const config = withJson(withTarget(program.command('config')))
    .description('the options in force, where each is from, and the file that keeps them')
    .action(async (_given: unknown, command: Command) => {
      const flags = command.optsWithGlobals<CommonFlags>();
      const { openConfiguration } = await import('../compose/configuration.ts');
      const { printJson, printLines } = await import('../cli/answer.ts');
      const { table } = await import('../cli/table.ts');
      const desk = openConfiguration(flags);
      const options = Object.entries(await desk.options()).map(([name, option]) => ({ name, ...option }));
      if (flags.json) printJson(io, 'config', new Date().toISOString(), { path: desk.path, options });
      else {
        const rows = options.map(({ name, value, from }) => [name, printable(value), printable(from)]);
        printLines(io, [printable(desk.path), ...table(rows)]);
      }
      done(0);
    });
  const edit = async (command: Command, key: string, value: string | undefined): Promise<void> => {
    const flags = command.optsWithGlobals<CommonFlags>();
    const { openConfiguration } = await import('../compose/configuration.ts');
    const { profile } = flags;
    const desk = openConfiguration(flags);
    const diff = await desk.edit({ key, value, ...(profile === undefined ? {} : { profile }) });
    io.stdout(diff ?? `Nothing was to be changed in ${printable(desk.path)}.\n`);
    done(0);
  };
  config
    .command('set')
    .argument(
      '<key>',
      'as the file nests it: host, project, attic.url, bazelRemote.grpc, honey.destination, …',
    )
    .argument('<value>')
    .option('--profile <name>', 'the profile that it is kept in')
    .description('keep a value in the configuration file, in the profile given or chosen')
    .action((key: string, value: string, _flags: unknown, command: Command) => edit(command, key, value));
  config
    .command('unset')
    .argument('<key>')
    .option('--profile <name>', 'the profile that it is taken out of')
    .description('take a value out of the configuration file')
    .action((key: string, _flags: unknown, command: Command) => edit(command, key, undefined));
}
