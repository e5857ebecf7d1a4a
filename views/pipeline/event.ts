import type { PipelineEvent } from '../../source/core/ci/model.ts';
import type { Pipeline } from '../../source/core/gitlab/model.ts';

/** What a pipeline was created for, as rules tell it apart. */
export function eventOf({ source, tag, ref }: Pick<Pipeline, 'source' | 'tag' | 'ref'>): PipelineEvent {
  if (tag) return 'tag';
  // A child pipeline has a source of its own, and the ref of its parent.
  if (source === 'merge_request_event' || ref.startsWith('refs/merge-requests/')) return 'merge_request';
  return source === 'schedule' || source === 'web' ? source : 'push';
}
