import { NeedsUser } from '../../core/failure.ts';
import { type ChangeName, changeNames, type Wanted } from '../../core/lifetimes/changes/model.ts';
import { plain } from '../../core/text/safe.ts';
import type { Choice, TaskSetting } from '../task.ts';

/** Those that the plan asks for. */
export const planned: readonly ChangeName[] = ['expiry', 'keys'];

const levels = ['fastest', 'fast', 'default', 'slow', 'slowest'] as const;
const styles = ['auto', 'lock-file', 'per-branch'] as const;
const fallbacks = ['auto', 'default-branch', 'previous', 'none'] as const;
const storings = ['protected', 'every'] as const;

const yesNo = ['no', 'yes'] as const;

/** What may be set; which of them counts depends on the changes. */
export function settingsOf(choice: Choice): readonly TaskSetting[] {
  return [
    {
      name: 'changes',
      title: 'What is changed, with commas between',
      value: changesOf(choice).join(','),
      because: `Any of ${changeNames.join(', ')}; it wins over the option.`,
    },
    {
      name: 'expire-in',
      title: 'How long downloaded tools are kept',
      value: '1 week',
      because: 'As planned; never and 30 days are others.',
    },
    {
      name: 'key-style',
      title: 'What cache keys follow',
      value: 'auto',
      choices: styles,
      because: 'auto follows the lock file where one is tracked, else the branch; per-branch is the plan’s.',
    },
    {
      name: 'fallback',
      title: 'What a branch without a cache begins with',
      value: 'auto',
      choices: fallbacks,
      because:
        'auto names the default branch’s cache where the project lets other branches see it; previous, what is stored under the key of before, which nothing renews.',
    },
    {
      name: 'unprotect',
      title: 'Let protected and other refs share the caches',
      value: 'no',
      choices: yesNo,
      because: 'With yes any branch may store what jobs of protected refs begin with.',
    },
    {
      name: 'producer',
      title: 'The job that stores a shared cache',
      because: 'The first that runs in every pipeline, when not set.',
    },
    {
      name: 'store',
      title: 'Whose jobs put tools into the package registry',
      value: 'protected',
      choices: storings,
      because: 'With every, a branch can plant a tool that all jobs then run.',
    },
    { name: 'level', title: 'How hard caches and artifacts are packed', value: 'fast', choices: levels },
    { name: 'jobs', title: 'Only these jobs, with commas between', because: 'All of them, when not set.' },
  ];
}

/** What is to be changed. Throws `NeedsUser` for a word that means nothing. */
export function changesOf({ option, settings }: Choice): readonly ChangeName[] {
  const named = settings.changes;
  if (named === undefined) return optionChanges(option);
  return listed(named).map((word) => oneOf('changes', word, changeNames));
}

function optionChanges(option: string | undefined): readonly ChangeName[] {
  if (option === 'all') return changeNames;
  const known = changeNames.find((name) => name === option);
  return known ? [known] : planned;
}

/** The settings as values. Throws `NeedsUser` for one that is none. */
export function wantedOf(settings: Readonly<Record<string, string>>): Wanted {
  const { producer, jobs } = settings;
  return {
    expireIn: settings['expire-in'] ?? '1 week',
    keyStyle: oneOf('key-style', settings['key-style'] ?? 'auto', styles),
    fallback: oneOf('fallback', settings.fallback ?? 'auto', fallbacks),
    isUnprotected: oneOf('unprotect', settings.unprotect ?? 'no', yesNo) === 'yes',
    storing: oneOf('store', settings.store ?? 'protected', storings),
    level: oneOf('level', settings.level ?? 'fast', levels),
    ...(producer === undefined ? {} : { producer }),
    ...(jobs === undefined ? {} : { jobs: new Set(listed(jobs)) }),
  };
}

function listed(text: string): string[] {
  return text
    .split(',')
    .map((word) => word.trim())
    .filter(Boolean);
}

function oneOf<T extends string>(name: string, word: string, words: readonly T[]): T {
  const known = words.find((one) => one === word);
  if (known !== undefined) return known;
  throw new NeedsUser({
    tried: `take ${name}=${plain(word, 60)}`,
    saw: 'there is no such value',
    next: [`${name} is one of ${words.join(', ')}`],
    code: 'no-such-setting',
  });
}
