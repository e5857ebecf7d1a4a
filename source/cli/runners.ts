import type { Runner } from '../core/gitlab/model.ts';
import { age } from '../core/text/format.ts';
import type { Snapshot } from '../monitor/snapshot.ts';
import { type AnswerOptions, printJson, printLines, statusOf, troubleOf } from './answer.ts';
import type { Io } from './io.ts';
import { table } from './table.ts';
import { printable } from './text.ts';

/** `runners`: who takes jobs, with which tags. Gives the exit status. */
export function showRunners(snapshot: Snapshot, { json, now }: AnswerOptions, io: Io): number {
  const { runners, clockOffset } = snapshot;
  const status = statusOf([runners], []);
  const list = runners.value?.runners ?? [];
  if (json) {
    printJson(io, 'runners', now, {
      runners: list,
      ...(runners.value?.incomplete === undefined ? {} : { incomplete: runners.value.incomplete }),
      ...(runners.failure ? { failure: runners.failure } : {}),
    });
    return status;
  }
  const trouble = troubleOf('GitLab', runners);
  printLines(io, [
    ...table(list.map((runner) => row(runner, Date.parse(now) + clockOffset))),
    ...(runners.value?.incomplete === undefined
      ? []
      : [printable(`incomplete: ${runners.value.incomplete}`)]),
    ...(trouble === undefined ? [] : [printable(`! ${trouble}`)]),
    ...(list.length === 0 && trouble === undefined ? ['No runner takes jobs of this project.'] : []),
  ]);
  return status;
}

function row(
  { description, kind, status, paused, tags, runUntagged, busy, contactedAt }: Runner,
  now: number,
) {
  const seen = contactedAt === undefined ? '' : `seen ${age(now - Date.parse(contactedAt))} ago`;
  return [
    paused ? 'paused' : status,
    description,
    kind,
    tags === undefined ? 'tags unknown' : tags.length > 0 ? tags.join(', ') : 'no tags',
    [runUntagged ? 'takes untagged jobs' : '', busy ? 'busy' : '', seen].filter(Boolean).join(', '),
  ];
}
