import type { Sample } from './generate.ts';
import type { PeerJob } from './gitlabCiLocal.ts';

/*
 * Where gitlab-ci-local does not do as GitLab's documentation says, or keeps another form of the same. What the documentation
 * says is tested by its examples in test/unit/ci; here both sides are brought to one form, so that all the rest is compared.
 *
 * Not generated, since gitlab-ci-local has no answer to compare with: `default` of tags, retry, timeout and interruptible,
 * which it does not hand to jobs; `only` and `except`; `changes` with paths to compare; creation errors;
 * a pattern within parentheses, on which it ends with an error.
 */

/** Keywords that are compared after includes, extends, references and defaults. */
export const comparedKeywords = [
  'script',
  'before_script',
  'after_script',
  'variables',
  'tags',
  'image',
  'services',
  'stage',
  'rules',
  'interruptible',
  'retry',
  'timeout',
  'parallel',
] as const;

/** The name of the job as written, of one of its instances. */
export function baseName(name: string): string {
  return name.replace(/(?:: \[.*\]| \d+\/\d+)$/s, '');
}

/** gitlab-ci-local writes `job: [a,b]` and `job: [1/3]` where GitLab writes `job: [a, b]` and `job 1/3`. */
export function normalizePeerJob(job: PeerJob): PeerJob {
  const name = job.name.replace(/: \[(\d+\/\d+)\]$/, ' $1').replace(/: \[(.*)\]$/, (_, values: string) => {
    return `: [${values.split(',').join(', ')}]`;
  });
  return { ...job, name };
}

/** "Jobs without rules or only run for branches and tags": gitlab-ci-local adds them to merge request pipelines too, unless there is a workflow. */
export function isOnlyTheirs(keywords: Keywords, { event, files }: Sample): boolean {
  const hasWorkflow = /^workflow:/m.test(files['.gitlab-ci.yml'] ?? '');
  return event === 'merge_request' && !hasWorkflow && keywords.rules === undefined;
}

/** "The default is true for manual jobs": without rules, gitlab-ci-local says false. */
export function allowsFailure(job: PeerJob, keywords: Keywords): boolean {
  const isDefault = keywords.allow_failure === undefined && keywords.rules === undefined;
  return isDefault ? keywords.when === 'manual' : job.allow_failure === true;
}

type Keywords = Readonly<Record<string, unknown>>;

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value]);

/** Forms of one meaning that the two programs keep differently in the merged configuration. */
const forms: Readonly<Record<string, (value: never) => unknown>> = {
  // A reference within a script is a list in the list; GitLab flattens it when it makes the job, gitlab-ci-local when it reads it.
  script: (value: unknown) => list(value).flat(10),
  before_script: (value: unknown) => list(value).flat(10),
  after_script: (value: unknown) => list(value).flat(10),
  // gitlab-ci-local writes every image as a mapping.
  image: (value: unknown) => (typeof value === 'string' ? { name: value } : value),
  services: (value: unknown[]) => value.map((one) => (typeof one === 'string' ? { name: one } : one)),
  // gitlab-ci-local writes every value of a matrix as a list.
  parallel: (value: number | { matrix: Keywords[] }) =>
    typeof value === 'number'
      ? value
      : {
          matrix: value.matrix.map((row) =>
            Object.fromEntries(Object.entries(row).map(([key, one]) => [key, list(one)])),
          ),
        },
};

export function normalizeKeywords(keywords: Keywords): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(keywords).map(([key, value]) => [key, forms[key]?.(value as never) ?? value]),
  );
}
