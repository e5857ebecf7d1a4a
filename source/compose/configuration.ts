import { createRedactor } from '../core/text/redact.ts';
import { createActivity } from '../services/activity.ts';
import { editedConfiguration, type KeyEdit } from '../services/config/edit.ts';
import type { Options } from '../services/config/options.ts';
import { pathsOf } from '../services/config/paths.ts';
import { inspectConfiguration } from '../services/config/read.ts';
import { savingConfiguration } from '../services/config/save.ts';
import { createGate } from '../services/gate.ts';
import { openJournal } from '../services/journal.ts';
import type { CommonFlags } from './flags.ts';
import { findTarget } from './target.ts';

/** The configuration file, and the options in force. */
export interface ConfigurationDesk {
  readonly path: string;
  /** Every option that has a value, with where it came from. */
  options(): Promise<Options>;
  /** Changes one key through the gate and gives the diff; undefined when nothing was to be changed. A broken file is not changed. */
  edit(edit: KeyEdit): Promise<string | undefined>;
}

export function openConfiguration(
  flags: CommonFlags,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): ConfigurationDesk {
  const paths = pathsOf(environment);
  const now = (): number => Date.now();
  return {
    path: paths.configuration,
    options: async () => (await findTarget({ flags, environment, paths })).options,
    async edit(edit) {
      const file = await inspectConfiguration(paths.configuration);
      if (file.state === 'broken') throw file.failure;
      const before = file.state === 'valid' ? file.configuration : { profiles: {} };
      const after = editedConfiguration(before, edit);
      if (JSON.stringify(after) === JSON.stringify(before)) return undefined;
      const { redact } = createRedactor();
      const activity = createActivity({ now, redact });
      const journal = openJournal(paths.journal);
      const gate = createGate({
        journal,
        activity,
        redact,
        now,
        readOnly: flags.readOnly === true,
        run: `config-${now()}`,
      });
      const write = await savingConfiguration(paths.configuration, after, now());
      // The user asked for this one write on the command line.
      gate.arm(60_000);
      await gate.perform(write);
      return write.detail;
    },
  };
}
