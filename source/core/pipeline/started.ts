import type { PipelineJob, PipelineSummary } from '../gitlab/model.ts';

/** What a bridge started, where it is of the same project and can be looked into; of older servers, which do not tell, its child. */
export function ownDownstream(
  { downstream }: Pick<PipelineJob, 'downstream'>,
  { projectId }: Pick<PipelineSummary, 'projectId'>,
): PipelineSummary | undefined {
  if (!downstream) return undefined;
  const isOwn =
    downstream.projectId === undefined || projectId === undefined
      ? downstream.source === 'parent_pipeline'
      : downstream.projectId === projectId;
  return isOwn ? downstream : undefined;
}
