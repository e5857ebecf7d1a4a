import { checkConfiguration } from '../../../source/core/ci/checks/index.ts';
import { jobSet } from '../../../source/core/ci/jobSet.ts';
import type { CiFiles, PipelineEvent } from '../../../source/core/ci/model.ts';
import type { Finding } from '../../../source/core/evidence.ts';
import type { RunnerSpec } from '../../../source/core/pipeline/runners.ts';

function setOf(event: PipelineEvent, files: CiFiles) {
  const ref = event === 'merge_request' ? 'fix' : event === 'tag' ? 'v1.0.0' : 'main';
  return jobSet('.gitlab-ci.yml', { event, ref, defaultBranch: 'main', variables: {}, files });
}

const honey: RunnerSpec = { name: 'honey', tags: ['linux', 'docker'], runUntagged: true, concurrent: 4 };

function findings(
  config: string,
  more: Readonly<Record<string, string>>,
  {
    runners,
    before,
  }: { readonly runners?: readonly RunnerSpec[]; readonly before?: string | undefined } = {},
): Finding[] {
  const { files, sets } = read(config, more);
  const { configuration } = setOf('push', files);
  return checkConfiguration({
    configuration,
    sets,
    files,
    ...(runners ? { runners } : {}),
    ...(before === undefined ? {} : { before: read(before, more).sets }),
  });
}

function read(config: string, more: Readonly<Record<string, string>>) {
  const contents: Record<string, string> = { '.gitlab-ci.yml': config, ...more };
  const files = { read: (path: string) => contents[path], list: () => Object.keys(contents) };
  const events = ['push', 'merge_request', 'tag', 'schedule', 'web'] as const;
  return { files, sets: new Map(events.map((event) => [event, setOf(event, files)] as const)) };
}

/** `RULE:LINE` of every finding, with one runner that is known; `before` is the configuration before a change. */
export function found(
  config: string,
  more: Readonly<Record<string, string>> = {},
  before?: string,
): string[] {
  return findings(config, more, { runners: [honey], before }).map(
    ({ rule, where }) => `${rule}:${'line' in where ? where.line : 0}`,
  );
}

/** The rules that find something, each once, sorted. */
export function rulesOf(config: string, more: Readonly<Record<string, string>>): string[] {
  return [...new Set(findings(config, more).map(({ rule }) => rule))].sort();
}
