import { createTwoFilesPatch } from 'diff';
import { Bug, NeedsUser } from '../../core/failure.ts';
import { shellQuote } from '../../core/shell/quote.ts';
import { plain } from '../../core/text/safe.ts';
import { fileFingerprint, fingerprint, writeFileAtomically } from '../files/write.ts';
import type { Write } from '../gate.ts';
import { errorCode } from './private.ts';
import { type ConfigurationFile, inspectConfiguration } from './read.ts';
import { type Configuration, configurationShape } from './shape.ts';

/**
 * The write that saves a configuration, for the gate; its detail is a diff. A broken file is kept beside it, as
 * `config.json.broken-TIME`, before it is replaced. `now` is in milliseconds since the epoch. The configuration holds no secret.
 */
export async function savingConfiguration(
  path: string,
  configuration: Configuration,
  now: number,
): Promise<Write<void>> {
  const text = textOf(configuration);
  const file = await inspectConfiguration(path);
  const aside = `${path}.broken-${new Date(now).toISOString().replace(/[-:]|\.\d+/g, '')}`;
  return {
    title: 'Save the configuration',
    effect: 'local',
    target: plain(path),
    detail: detailOf(file, text, aside),
    undo: undoOf(file, aside),
    before: file.state === 'absent' ? 'absent' : file.fingerprint,
    after: fingerprint(text),
    current: () => fileFingerprint(path),
    perform: async (grant) => {
      try {
        const mode = { mode: 0o600, forceMode: true };
        if (file.state === 'broken') await writeFileAtomically(grant, aside, file.bytes, mode);
        await writeFileAtomically(grant, path, text, mode);
      } catch (cause) {
        throw unwritable(path, cause);
      }
    },
  };
}

/** The bytes of a configuration file. Throws `Bug` for a configuration that could not be read back. */
function textOf(configuration: Configuration): string {
  const { data, error } = configurationShape.safeParse(configuration);
  if (data) return `${JSON.stringify(data, undefined, 2)}\n`;
  throw new Bug({
    tried: 'save the configuration',
    saw: plain(
      error.issues.map(({ path, message }) => `${path.map(String).join('.')}: ${message}`).join('; '),
    ),
    next: ['Correct the value, then save again.'],
    code: 'config-shape',
    cause: error,
  });
}

function detailOf(file: ConfigurationFile, text: string, aside: string): string {
  const path = plain(file.path);
  // What a broken file holds is not known, so it is not shown.
  const kept = file.state === 'broken' ? `${path} is broken; it is kept as ${plain(aside)}\n` : '';
  const before = file.state === 'valid' ? file.text : '';
  const from = file.state === 'absent' ? '/dev/null' : path;
  return kept + createTwoFilesPatch(from, path, before, text);
}

function undoOf(file: ConfigurationFile, aside: string): Write<void>['undo'] {
  const path = plain(file.path);
  if (file.state === 'absent') return { text: 'Remove the file.', command: shellQuote(['rm', path]) };
  if (file.state === 'broken')
    return { text: 'Put the broken file back.', command: shellQuote(['mv', plain(aside), path]) };
  return { text: 'Take the lines marked + in the diff out of the file, and put those marked - back.' };
}

function unwritable(path: string, cause: unknown): unknown {
  const code = errorCode(cause);
  if (!/^(?:EACCES|EPERM|EROFS|ENOSPC|EDQUOT|ENOTDIR|EEXIST|EISDIR)$/.test(code)) return cause;
  return new NeedsUser({
    tried: `save the configuration ${plain(path)}`,
    saw: `the file or its folder cannot be written (${code})`,
    next: [
      'Make the folder writable for yourself, or name another with XDG_CONFIG_HOME.',
      'Without a configuration file, options come from flags and HUSKYCAT_* variables.',
    ],
    code: 'config-unwritable',
    cause,
  });
}
