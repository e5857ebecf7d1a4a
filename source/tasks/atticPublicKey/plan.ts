import { ownSubstituters } from '../../core/caches/attic.ts';
import type { PlanStep } from '../../core/plan/plan.ts';
import { planFor } from '../engine/planFor.ts';
import { changeSteps, waitStep } from '../engine/steps.ts';
import type { Planned, Planning, Preflight } from '../task.ts';
import { atticWith } from './access.ts';
import { keyChanges } from './changes.ts';
import { checkKey } from './check.ts';
import { description } from './description.ts';
import { filesToChange } from './files.ts';
import { obtain } from './obtain.ts';
import { settingOf } from './settings.ts';
import { storePaths } from './storePaths.ts';

export const taskName = 'attic-public-key';

/** Gets the key, holds it against the cache, and plans the edits that trust it. */
export async function plan(planning: Planning): Promise<Planned> {
  const { workspace, known, signal } = planning;
  const obtained = await obtain(planning);
  if ('refused' in obtained) {
    const { refused, fix } = obtained;
    return { refused, preflight: [{ id: 'key', title: 'Key', state: 'problem', saw: refused, fix }] };
  }
  if ('steps' in obtained) {
    const line: Preflight = {
      id: 'key',
      title: 'Key',
      state: 'warning',
      saw: 'it is to come',
      fix: obtained.next,
    };
    return {
      plan: planFor(planning, { task: taskName, steps: obtained.steps, secrets: obtained.secrets }),
      preflight: [line],
    };
  }
  const token = settingOf(planning, 'token');
  const attic = await atticWith(workspace, token, signal);
  const paths = await storePaths(planning, settingOf(planning, 'store-path'));
  const checked = await checkKey({ text: obtained.key, from: obtained.from }, attic, paths, signal);
  const { key } = checked;
  if (!key || isForbidden(checked.preflight)) return refusedBy(checked.preflight);
  const url = attic?.url ?? (known.facts && ownSubstituters(known.facts.nix)[0]?.value) ?? '';
  const places = await filesToChange(planning);
  const wanted = { key: key.text, name: key.name, url };
  const isWhole = settingOf(planning, 'documents', 'no') === 'yes';
  const { changes, preflight: files } = keyChanges({ known, files: places }, wanted, isWhole);
  const preflight = [...checked.preflight, ...files];
  if (isForbidden(files)) return refusedBy(preflight);
  const edits = await changeSteps({
    planning,
    task: taskName,
    changes,
    title: `Trust the key of the Attic cache ${key.name}`,
    description: description({
      url,
      key: key.text,
      lines: preflight,
      paths: changes.map(({ path }) => path),
    }),
  });
  const first = edits.length > 0 && checked.isServers ? [sameKeyStep(url, key.text, token)] : [];
  return { plan: planFor(planning, { task: taskName, steps: [...first, ...edits] }), preflight };
}

/** Before anything is changed: a key that was made anew since the plan makes it stale. */
function sameKeyStep(url: string, key: string, token: string | undefined): PlanStep {
  return waitStep({
    id: 'same-key',
    title: 'See that the cache still has this key',
    target: url,
    probe: 'sameKey',
    settings: { key, ...(token === undefined ? {} : { token }) },
    timeout: 5,
  });
}

function isForbidden(lines: readonly Preflight[]): boolean {
  return lines.some(({ state }) => state === 'problem');
}

function refusedBy(preflight: readonly Preflight[]): Planned {
  const problems = preflight.filter(({ state }) => state === 'problem');
  return { refused: problems.map(({ title, saw }) => `${title}: ${saw}`).join('; '), preflight };
}
