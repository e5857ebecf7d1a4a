import { type ImageRef, imageRefs } from './imageRefs.ts';
import type { Rule } from './rule.ts';

/** Tags that are new in every pipeline: nobody can have pushed them from elsewhere. */
const ofThisPipeline = /\$CI_(?:COMMIT_SHA|COMMIT_SHORT_SHA|PIPELINE_ID|PIPELINE_IID)\b/;

export const imageNeverPushed: Rule = {
  id: 'image-never-pushed',
  severity: 'error',
  summary: 'An image of the project’s registry, with a tag of this very pipeline, that no job pushes.',
  why: 'The pull ends with “manifest unknown”; often the tag was renamed where it is pushed and not where it is read.',
  fix: { text: 'Use one variable for the tag where it is pushed and in every place that reads it.' },
  *check({ configuration, files }) {
    const { read, pushed, isComplete } = imageRefs(configuration, files);
    if (!isComplete || pushed.length === 0) return;
    for (const ref of read) {
      if (
        ref.isCache ||
        !ofThisPipeline.test(ref.tag) ||
        isUnknown(ref) ||
        pushed.some((one) => covers(one, ref))
      )
        continue;
      const near = pushed.find(({ repository, isCache }) => repository === ref.repository && !isCache);
      yield {
        at: ref.at,
        title: `${ref.job} reads ${name(ref)}, which no job pushes`,
        saw: near
          ? `${near.job} pushes ${name(near)} (${near.at.file}:${near.at.line})`
          : 'no job pushes to this repository',
      };
    }
  },
};

export const layersNeverPushed: Rule = {
  id: 'layer-cache-never-pushed',
  severity: 'warning',
  summary: 'A `--cache-from` of the project’s registry that no job writes.',
  why: 'The build finds no layers there and does everything again, without a word.',
  fix: { text: 'Write the same reference with --cache-to, or read one that a job pushes.' },
  *check({ configuration, files }) {
    const { read, pushed, isComplete } = imageRefs(configuration, files);
    if (!isComplete || pushed.length === 0) return;
    for (const ref of read)
      if (ref.isCache && !isUnknown(ref) && !pushed.some((one) => covers(one, ref) || isOfOtherRef(one, ref)))
        yield {
          at: ref.at,
          title: `${ref.job} reads layers from ${name(ref)}, which no job writes`,
          saw: `pushed are ${[...new Set(pushed.map(name))].slice(0, 4).join(', ')}`,
        };
  },
};

/** A cache with a tag for each branch: what one branch reads, a pipeline of another has written. */
function isOfOtherRef(pushed: ImageRef, read: ImageRef): boolean {
  return like(pushed.repository, read.repository) && /\$CI_COMMIT_(?:REF|BRANCH)/.test(pushed.tag);
}

/** With a variable that the files do not tell, the reference may be anything. */
function isUnknown({ repository, tag }: ImageRef): boolean {
  return /\$(?!CI_)/.test(repository + tag);
}

function covers(pushed: ImageRef, read: ImageRef): boolean {
  return like(pushed.repository, read.repository) && like(pushed.tag, read.tag);
}

/** Equal, or equal in the parts around variables of the pushed one that the files do not tell. */
export function like(pushed: string, read: string): boolean {
  if (pushed === read) return true;
  const parts = pushed.split(/\$(?!CI_)\w*/);
  if (parts.length === 1) return false;
  let at = 0;
  for (const part of parts) {
    const found = read.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return read.startsWith(parts[0] ?? '') && read.endsWith(parts.at(-1) ?? '');
}

function name({ repository, tag }: ImageRef): string {
  return `$CI_REGISTRY_IMAGE${repository}:${tag}`;
}
