import type { Proposal } from '../../core/bazelRemote/proposals.ts';
import { valueProblems } from '../../core/bazelRemote/values.ts';
import { plain } from '../../core/text/safe.ts';
import type { Preflight, TaskSetting } from '../task.ts';
import { choices, titles } from './settingNames.ts';

/** Takes settings one by one: what the user set, else what runs now, else what is proposed. */
export interface Taking {
  /** Undefined when nobody gives a value. */
  take(name: string, proposal?: Proposal): string | undefined;
  always(name: string, proposal: Proposal): string;
  readonly settings: TaskSetting[];
  /** Values that cannot be meant, and settings that are not used. */
  problems(): Preflight[];
}

/** `there` holds the settings of the cache that runs now. */
export function taking(
  given: Readonly<Record<string, string>>,
  there: Readonly<Record<string, string>>,
): Taking {
  const settings: TaskSetting[] = [];
  const wrong: Preflight[] = [];
  const take = (name: string, proposal?: Proposal): string | undefined => {
    const known = choices[name];
    const kept = there[name];
    const isKept = kept !== undefined && valueProblem(name, kept) === undefined;
    const proposed = isKept && name !== 'image' ? { value: kept, because: 'as it runs now' } : proposal;
    settings.push({
      name,
      title: titles[name] ?? name,
      ...(proposed ?? {}),
      ...(known ? { choices: known } : {}),
    });
    const value = given[name] ?? proposed?.value;
    if (value === undefined || value === '') return undefined;
    const saw = valueProblem(name, value);
    if (saw === undefined) return value;
    wrong.push({
      id: `set-${name}`,
      title: titles[name] ?? name,
      state: 'problem',
      saw: `${plain(JSON.stringify(value), 100)}: ${saw}`,
      fix: `--set ${name}=VALUE`,
    });
    return proposed?.value;
  };
  return {
    take,
    always: (name, proposal) => take(name, proposal) ?? proposal.value,
    settings,
    problems: () => [...wrong, ...unused(given, settings)],
  };
}

function unused(given: Readonly<Record<string, string>>, settings: readonly TaskSetting[]): Preflight[] {
  return Object.keys(given).flatMap((name): Preflight[] => {
    if (settings.some((setting) => setting.name === name)) return [];
    const isKnown = Object.hasOwn(titles, name);
    return [
      {
        id: `set-${plain(name, 60)}`,
        title: 'settings',
        state: 'problem',
        saw: isKnown ? `${name} has no effect with the others` : `there is no setting ${plain(name, 60)}`,
        fix: `There are: ${settings.map((setting) => setting.name).join(', ')}`,
      },
    ];
  });
}

/** The image that runs may be one that this version would not take; it is left as it is. */
export function valueProblem(name: string, value: string): string | undefined {
  const known = choices[name];
  if (known) return known.includes(value) ? undefined : `it is one of ${known.join(', ')}`;
  return Object.hasOwn(valueProblems, name) ? valueProblems[name]?.(value) : undefined;
}
