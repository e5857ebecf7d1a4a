import type { PipelineEvent } from '../../source/core/ci/model.ts';
import type { Pipeline } from '../../source/core/gitlab/model.ts';

/** What a pipeline was created for, as rules tell it apart. */
export function eventOf({ source, tag }: Pick<Pipeline, 'source' | 'tag'>): PipelineEvent {
  if (tag) return 'tag';
  if (source === 'merge_request_event') return 'merge_request';
  return source === 'schedule' || source === 'web' ? source : 'push';
}
