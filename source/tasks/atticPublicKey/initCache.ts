import { isAbsolute, join } from 'node:path';
import { readBytes } from '../../services/files/read.ts';
import { commandStep } from '../engine/steps.ts';
import type { Planning } from '../task.ts';
import type { Obtained } from './obtained.ts';
import { settingOf } from './settings.ts';

const result = 'public-key.txt';

/** Runs the script, and keeps the key that it prints where it does not write the file itself. */
const run = `said=$(bash scripts/init-cache.sh --endpoint "$1") || exit
printf '%s\\n' "$said"
test -s "$2" || printf '%s\\n' "$said" | grep -Eo '[A-Za-z0-9._+-]+:[A-Za-z0-9+/]{43}=' | tail -n 1 > "$2"`;

/** The key that scripts/init-cache.sh of an attic-cache checkout wrote; or the step that runs it. */
export function fromScript(planning: Planning): Obtained {
  const { attic } = planning.workspace;
  const path = settingOf(planning, 'path');
  if ('off' in attic) return { refused: 'no cache is configured', fix: attic.off };
  if (path === undefined || !isAbsolute(path))
    return {
      refused: 'the attic-cache checkout is not known',
      fix: 'Set path=/absolute/path/of/attic-cache.',
    };
  const file = join(path, result);
  const written = readBytes(file)?.toString('utf8');
  const [key] = /\S+:\S+/.exec(written ?? '') ?? [];
  if (key !== undefined) return { key, from: file };
  if (readBytes(join(path, 'scripts/init-cache.sh')) === undefined)
    return {
      refused: `there is no scripts/init-cache.sh in ${path}`,
      fix: 'Set path= to an attic-cache checkout.',
    };
  const { url } = attic.service;
  const endpoint = url.slice(0, url.lastIndexOf('/'));
  const step = commandStep({
    id: 'init-cache',
    title: 'Run init-cache.sh, which shows the key',
    effect: 'remote',
    target: `${endpoint} and ${file}`,
    command: {
      where: 'here',
      cwd: path,
      argv: ['bash', '-c', run, 'bash', endpoint, file],
      environment: { ATTIC_TOKEN: { secret: 'ATTIC_TOKEN' } },
      unless: ['test', '-s', file],
      cleanup: [{ argv: ['rm', '-f', file] }],
      undo: [{ argv: ['rm', '-f', file] }],
      timeout: 120,
    },
    undo: { text: `Remove ${file}; what the script made on the server stays.` },
  });
  return {
    steps: [step],
    secrets: [{ name: 'ATTIC_TOKEN', title: 'the token for the Attic server (ATTIC_TOKEN)' }],
    next: 'Plan again after it: the key that it brings is checked and put into the files then.',
  };
}
