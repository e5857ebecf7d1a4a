import type { Finding } from '../evidence.ts';
import type { Variable } from '../gitlab/model.ts';
import { idOf, type VariableKnowledge } from './knowledge.ts';
import { type RequiredVariable, secretName, uselessVariables } from './required.ts';
import type { VariableUse } from './uses.ts';

interface About {
  readonly key: string;
  readonly variable: Variable | undefined;
  readonly uses: readonly VariableUse[];
  readonly need: RequiredVariable | undefined;
  readonly known: VariableKnowledge;
}

/** What is wrong or risky about one variable; nothing is said of what could not be looked at. */
export function variableFindings(about: About): Finding[] {
  if (!about.known.listing) return [];
  return about.variable ? ofPresent(about, about.variable) : missing(about);
}

function missing({ key, uses, need, known }: About): Finding[] {
  if (known.listing && known.listing.unreadable.length > 0) return [];
  const [first] = uses;
  if (!need && !first) return [];
  return [
    {
      ...base('variable-missing', key, undefined, first),
      severity: need && first ? 'error' : need ? 'warning' : 'info',
      title: `${key} is set nowhere`,
      saw: first
        ? `read at ${first.at.file}:${first.at.line}, set in no file and no group`
        : 'not set, and not read',
      why: need ? `It is for ${need.purpose}.` : 'The job sees an empty value, and goes on.',
      fix: { text: `Set ${key} in the settings of the project or group (CI/CD, Variables).` },
    },
  ];
}

function ofPresent(about: About, variable: Variable): Finding[] {
  const { key, need, uses } = about;
  const [first] = uses;
  const findings: Finding[] = [];
  const found = (rule: string, rest: Pick<Finding, 'severity' | 'title' | 'saw' | 'why' | 'fix'>): void => {
    findings.push({ ...base(rule, key, variable, first), ...rest });
  };
  const { value } = variable;
  const isSecret = need?.secret ?? secretName.test(key);
  if (value?.empty)
    found('variable-empty', {
      severity: need ? 'error' : 'warning',
      title: `${key} is set, but empty`,
      saw: 'an empty value',
      why: 'A job sees it as if it were not set, and the settings page looks as if it were.',
      fix: { text: `Give ${key} its value, or remove it.` },
    });
  if (value?.hasDollar && !variable.raw)
    found('variable-mangled', {
      severity: isSecret ? 'error' : 'warning',
      title: `${key} holds a $ and is expanded`,
      saw: 'the value holds a $, and “Expand variable reference” is on',
      why: 'What follows the $ is taken for a variable and replaced, mostly by nothing: the job gets another value.',
      fix: { text: `Switch “Expand variable reference” off for ${key}.` },
    });
  if (isSecret && !variable.masked && !variable.hidden)
    found('variable-unmasked', {
      severity: 'warning',
      title: `${key} is a secret that job logs may show`,
      saw: value && !value.maskable ? 'not masked, and as it is GitLab cannot mask it' : 'not masked',
      why: 'A script that prints its environment, or a tool that echoes it, puts it into a log that others read.',
      fix: { text: maskFix(key, variable) },
    });
  findings.push(...unusable(about, variable));
  const useless = uselessVariables.get(key);
  if (useless !== undefined && uses.length === 0)
    found('variable-unused', {
      severity: 'info',
      title: `${key} is used nowhere`,
      saw: 'set, and read by no job',
      why: useless,
      fix: { text: `Remove ${key}.` },
    });
  return findings;
}

function maskFix(key: string, { value, raw }: Variable): string {
  if (value?.multiline) return `Write ${key} in one line (base64 -w0), then mask it.`;
  if (value && !value.maskable && !raw)
    return `Switch “Expand variable reference” off for ${key}, then mask it.`;
  return `Mask ${key}.`;
}

/** Protected, and read by a job that runs where protected variables do not exist. */
function unusable({ key, uses, need, known }: About, variable: Variable): Finding[] {
  if (!variable.protected || !known.refs) return [];
  for (const ref of known.refs) {
    if (ref.protected || ref.event === 'web') continue;
    const use = uses.find(({ job }) => job !== undefined && known.eventsOf.get(job)?.has(ref.event));
    if (!use) continue;
    return [
      {
        ...base('variable-unusable', key, variable, use),
        severity: need ? 'error' : 'warning',
        title: `${key} does not exist for ${use.job} on ${ref.name}`,
        saw: `protected, and ${ref.name} ${ref.name.endsWith('s') ? 'are' : 'is'} not`,
        why: 'The job sees an empty value there; a check against an empty pattern passes, and a skipped step stays green.',
        fix: {
          text:
            ref.event === 'tag'
              ? 'Protect the tags that are released (Settings, Repository, Protected tags: v*).'
              : `Run ${use.job} on protected refs only, or take the protection from ${key}.`,
        },
      },
    ];
  }
  return [];
}

function base(rule: string, key: string, variable: Variable | undefined, use: VariableUse | undefined) {
  const where = use
    ? { file: use.at.file, line: use.at.line, column: use.at.column }
    : { object: variable ? `${variable.owner.kind} ${variable.owner.path}: ${key}` : key };
  return { id: `${rule}:${idOf(key, variable)}`, rule, where };
}
