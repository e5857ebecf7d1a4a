import { isOlder } from '../../../core/bazelRemote/proposals.ts';
import { sealPlan } from '../../../core/plan/fingerprint.ts';
import type { Planned, Planning, Preflight } from '../../task.ts';
import { planBazelRemote } from '../plan.ts';
import type { Ours } from './ours.ts';

/** Replaces the container by one with another image or size over the same data. Logins and .bazelrc stay as they are. */
export async function planReplacement(
  planning: Planning,
  { site, engine, name, settings }: Ours,
  change: Readonly<Record<string, string>>,
): Promise<Planned> {
  const { choice } = planning;
  const wanted = {
    host: site.where,
    engine,
    name,
    ...(change.size === undefined || settings.image === undefined ? {} : { image: settings.image }),
    ...change,
    bazelrc: 'none',
  };
  const { option: _, ...how } = choice;
  const planned = await planBazelRemote({
    ...planning,
    choice: { ...how, target: 'worktree', settings: wanted },
  });
  if ('refused' in planned) return planned;
  const { plan, preflight } = planned;
  const steps = plan.steps.filter(({ id }) => id !== 'write-logins' && id !== 'write-secret');
  return {
    preflight: [...preflight, ...(steps.length === 0 ? [] : remarks(settings, change))],
    plan: sealPlan({
      ...plan,
      ...(choice.option === undefined ? {} : { option: choice.option }),
      settings: choice.settings,
      secrets: [],
      steps,
    }),
  };
}

function remarks(
  settings: Readonly<Record<string, string>>,
  { image, size }: Readonly<Record<string, string>>,
): Preflight[] {
  const back = size === undefined ? ['upgrade', 'image'] : ['resize', 'size'];
  const before = settings[back[1] ?? ''] ?? '';
  const lines: Preflight[] = [
    {
      id: 'way-back',
      title: 'the way back',
      state: 'fine',
      saw: `until the last step: undo; after it: --option ${back[0]} --set ${back[1]}=${before}`,
    },
  ];
  if (image !== undefined && isOlder(image, settings.image ?? ''))
    lines.push({
      id: 'older',
      title: 'version',
      state: 'warning',
      saw: `${image} is older than ${settings.image}`,
    });
  if (size !== undefined && Number(size) < Number(settings.size))
    lines.push({
      id: 'smaller',
      title: 'size',
      state: 'warning',
      saw: `from ${settings.size} to ${size} GiB: what is beyond it is evicted, what was used longest ago first`,
    });
  return lines;
}
