import type { TargetSurvey } from '../../core/bazelRemote/survey.ts';
import type { Workspace } from '../../services/workspace.ts';
import type { Preflight } from '../task.ts';

/** An image pinned by its digest where one is known, and a line about it; `running` is what is run now, and stays. */
export async function pinImage(
  { registry, isSandbox }: Workspace,
  image: string,
  {
    survey: { hasImage, digests },
    running,
  }: { readonly survey: Pick<TargetSurvey, 'hasImage' | 'digests'>; readonly running?: string },
  signal?: AbortSignal,
): Promise<{ readonly image: string; readonly check: Preflight }> {
  const line = { id: 'image', title: 'image' };
  const where = hasImage ? 'it is on the host' : 'it will be pulled';
  if (running === image || running?.startsWith(`${image}@`))
    return { image: running, check: { ...line, state: 'fine', saw: `${running}, as it runs now` } };
  if (/@sha256:/.test(image)) return { image, check: { ...line, state: 'fine', saw: `pinned; ${where}` } };
  const [known] = digests;
  if (known !== undefined)
    return {
      image: `${image}@${known}`,
      check: { ...line, state: 'fine', saw: `pinned to ${known}; ${where}` },
    };
  // The sandbox’s registry is not the real one.
  const asked = isSandbox ? undefined : await registry.resolve(image, signal).catch(() => undefined);
  if (asked && 'value' in asked)
    return {
      image: `${image}@${asked.value.digest}`,
      check: {
        ...line,
        state: 'fine',
        saw: `pinned to ${asked.value.digest}, as its registry says; ${where}`,
      },
    };
  const why = asked && 'failure' in asked ? `: ${asked.failure.saw}` : '';
  return {
    image,
    check: {
      ...line,
      state: 'warning',
      saw: `${where}; its digest could not be found out${why}: the tag alone is run, which may move`,
      fix: '--set image=HOST/PATH:TAG@sha256:…, or pull it on the host and plan again',
    },
  };
}
