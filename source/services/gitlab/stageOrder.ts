import { parse } from 'yaml';
import type { PipelineJob } from '../../core/gitlab/model.ts';

/** Stages that have jobs, in the order of `stages:` of the merged configuration; the rest by the age of their first job. */
export function stageOrder(
  jobs: readonly Pick<PipelineJob, 'id' | 'stage'>[],
  declared: readonly string[],
): string[] {
  const first = new Map<string, number>();
  for (const { id, stage } of jobs) first.set(stage, Math.min(id, first.get(stage) ?? id));
  const place = (stage: string): number => {
    if (stage === '.pre') return -1;
    const index = declared.indexOf(stage);
    if (stage === '.post') return Number.MAX_SAFE_INTEGER;
    return index === -1 ? declared.length : index;
  };
  return [...first].sort(([a, x], [b, y]) => place(a) - place(b) || x - y).map(([stage]) => stage);
}

/** `stages:` of a merged configuration; servers of old write `:stages:`. GitLab's default when it is not there. */
export function declaredStages(mergedYaml: string | undefined): string[] {
  const standard = ['build', 'test', 'deploy'];
  if (mergedYaml === undefined) return [];
  try {
    const root: unknown = parse(mergedYaml, { logLevel: 'error' });
    if (typeof root !== 'object' || root === null) return standard;
    const stages: unknown =
      'stages' in root ? root.stages : ':stages:' in root ? root[':stages:'] : undefined;
    return Array.isArray(stages) ? stages.map(String) : standard;
  } catch {
    return [];
  }
}
