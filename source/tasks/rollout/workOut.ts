import { editConfiguration, overlay } from '../../core/ci/edit/edit.ts';
import type { EditedFile } from '../../core/ci/edit/model.ts';
import { type Effect, effectOf } from '../../core/ci/effect.ts';
import { jobSet } from '../../core/ci/jobSet.ts';
import { branchOf } from '../../core/plan/branch.ts';
import type { Checkout } from '../../services/git/checkout.ts';
import { pipelineContext } from '../../services/git/pipelineContext.ts';
import type { Planning, Preflight, Refusal } from '../task.ts';
import type { CiChange } from './change.ts';
import { type CiReading, readCi } from './reading.ts';

/** A change of the configuration, made on the side: what files would hold, and what each event would get. */
export interface Worked {
  /** Empty when nothing is left to do. */
  readonly files: readonly EditedFile[];
  readonly effect: Effect;
  readonly before: CiReading;
  readonly after: CiReading;
  readonly checkout: Checkout;
  /** Path of the CI configuration. */
  readonly entry: string;
}

/** Makes the edits of a change in memory; or says why they cannot be made, and what to write by hand. */
export async function workOut(
  { workspace, known, signal }: Pick<Planning, 'workspace' | 'known' | 'signal'>,
  change: CiChange,
): Promise<Worked | Refusal> {
  const checkout = await workspace.openCheckout(signal);
  const entry = known.project.value?.ciConfigPath ?? '.gitlab-ci.yml';
  const branch = branchOf(change.task);
  const before = readCi(checkout, entry, { branch });
  const edited = editConfiguration(
    {
      files: checkout,
      configuration: before.configuration,
      resolve: (files) => jobSet(entry, { ...pipelineContext(checkout, 'push'), files }).configuration,
    },
    change.edits,
  );
  if ('refused' in edited) {
    const { refused, at, paste } = edited;
    const saw = at ? `${refused} (${at.file}:${at.line})` : refused;
    const fix = `write by hand: ${paste.join('\n')}`;
    const line: Preflight = { id: 'edit', title: 'Edit', state: 'problem', saw, fix };
    return { refused: saw, preflight: [...change.preflight, line] };
  }
  const files = [...edited.files, ...newFiles(change, checkout)];
  const texts = new Map(files.map(({ path, after }) => [path, after] as const));
  const after = readCi(checkout, entry, { branch, files: overlay(checkout, texts) });
  return { files, effect: effectOf(before.sets, after.sets), before, after, checkout, entry };
}

function newFiles({ newFiles: added = new Map() }: CiChange, checkout: Checkout): EditedFile[] {
  return [...added].flatMap(([path, after]): EditedFile[] => {
    const before = checkout.read(path) ?? '';
    return before === after ? [] : [{ path, before, after }];
  });
}
