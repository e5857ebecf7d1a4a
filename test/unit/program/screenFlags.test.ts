import { Command } from 'commander';
import { expect, test } from 'vitest';
import { withScreen, withTarget } from '../../../source/program/options.ts';
import { screenFlags } from '../../../source/program/screenFlags.ts';

/** What the parser of all commands makes of the same arguments; undefined where it finds a mistake or a command. */
function parsed(args: readonly string[]): object | undefined {
  const quiet = { writeErr: () => {}, writeOut: () => {} };
  const program = withScreen(withTarget(new Command('huskycat-tui')))
    .exitOverride()
    .configureOutput(quiet);
  try {
    return program
      .allowExcessArguments(false)
      .parse([...args], { from: 'user' })
      .opts();
  } catch {
    return undefined;
  }
}

test.each([
  [[]],
  [['--sandbox']],
  [['--sandbox', '--read-only', '--ascii', '--theme', 'light']],
  [['--dir', '/a b', '--project=group/name', '--host', 'https://h/x?a=b']],
  [['--attic=http://a:1/b=c', '--bazel-remote', 'grpc://b:9092', '--honey', 'ops@h', '--profile', 'p']],
  [['--token-file', '-']],
  [['--dir', '--sandbox']],
  [['--dir', 'a', '--dir', 'b']],
  [['--dir=']],
])('reads %j as the parser of commands does', (args) => {
  expect(screenFlags(args)).toEqual(parsed(args));
});

test.each([
  [['--dir']],
  [['--theme', 'pink']],
  [['--nothing']],
  [['--sandbox=1']],
  [['status']],
  [['--json']],
])('leaves %j to the parser of commands', (args) => {
  expect(screenFlags(args)).toBeUndefined();
  expect(parsed(args)).toBeUndefined();
});
