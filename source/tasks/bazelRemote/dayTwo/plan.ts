import { parseLabel } from '../../../core/bazelRemote/deployment.ts';
import { plannedImage } from '../../../core/bazelRemote/proposals.ts';
import type { PlanStep } from '../../../core/plan/plan.ts';
import { plain } from '../../../core/text/safe.ts';
import { planFor } from '../../engine/planFor.ts';
import type { Planned, Planning, Preflight, TaskSetting } from '../../task.ts';
import { waiting } from '../plan.ts';
import { asDayTwo, type DayTwo } from './options.ts';
import { findOurs, type Ours } from './ours.ts';
import { leftBehind, removeDataStep, removeSteps } from './remove.ts';
import { planReplacement } from './replace.ts';
import { restartStep } from './restart.ts';

const where: readonly TaskSetting[] = [
  { name: 'host', title: 'Where it runs', choices: ['honey', 'here'] },
  { name: 'engine', title: 'Container engine', choices: ['docker', 'podman'] },
  { name: 'name', title: 'Name of the container' },
];

const own: Readonly<Record<DayTwo, readonly TaskSetting[]>> = {
  restart: [],
  upgrade: [{ name: 'image', title: 'Image', value: plannedImage, because: 'the release known to work' }],
  resize: [{ name: 'size', title: 'Size in GiB' }],
  remove: [
    {
      name: 'data',
      title: 'What becomes of its data',
      value: 'keep',
      choices: ['keep', 'remove'],
      because: 'removed data do not come back',
    },
    {
      name: 'confirm-data',
      title: 'The folder or volume of the data, typed once more',
      because: 'used with data=remove',
    },
  ],
};

/** What may be set, with what is there now. */
export async function dayTwoSettings(planning: Planning): Promise<readonly TaskSetting[]> {
  const option = asDayTwo(planning.choice.option);
  if (option === undefined) return [];
  const ours = await findOurs(planning);
  const there = 'refused' in ours ? {} : ours.settings;
  return [...own[option], ...where].map((setting) => {
    const value = { size: there.size }[setting.name];
    return value === undefined ? setting : { ...setting, value, because: 'as it is now' };
  });
}

/** Plans what is wanted of the cache that is there. */
export async function planDayTwo(planning: Planning): Promise<Planned> {
  const option = asDayTwo(planning.choice.option) ?? 'restart';
  const { settings } = planning.choice;
  const names = [...own[option], ...where].map(({ name }) => name);
  const odd = Object.keys(settings).find((name) => !names.includes(name));
  if (odd !== undefined)
    return refused('settings', `there is no setting ${plain(odd, 60)}`, `There are: ${names.join(', ')}`);
  const ours = await findOurs(planning);
  if ('refused' in ours) return refused('container', ours.refused, 'See what there is: docker ps -a');
  if (ours.settings.unit !== undefined && (option === 'restart' || option === 'remove'))
    return runByService(ours, option);
  switch (option) {
    case 'restart':
      return planOf(
        planning,
        [...seen(ours)],
        [await restartStep(ours, planning.signal), waiting(ours.deploying)],
      );
    case 'upgrade':
      return planReplacement(planning, ours, { image: settings.image ?? plannedImage });
    case 'resize':
      return settings.size === undefined
        ? refused('size', `no size was given; it has ${ours.settings.size} GiB`, '--set size=GIB')
        : planReplacement(planning, ours, { size: settings.size });
    case 'remove':
      return planRemoval(planning, ours);
  }
}

/** What the engine stops, systemd would start again. */
function runByService({ name, deploying }: Ours, option: 'restart' | 'remove'): Planned {
  const control = deploying.scope === 'user' ? 'systemctl --user' : 'systemctl';
  const commands = {
    restart: `${control} restart ${name}.service`,
    remove: `undo the run that deployed it; or: ${control} disable --now ${name}.service, then remove its file and ${control} daemon-reload`,
  };
  return refused(
    'unit',
    `${name}.service of systemd runs it, and starts again what the engine stops`,
    `On the host: ${commands[option]}`,
  );
}

function planRemoval(planning: Planning, ours: Ours): Planned {
  const { data: what = 'keep', 'confirm-data': typed } = planning.choice.settings;
  const { data } = ours.deploying.deployment;
  if (what !== 'keep' && what !== 'remove')
    return refused('data', `${plain(what, 40)} is neither keep nor remove`, '--set data=keep');
  const kept: Preflight = {
    id: 'data',
    title: `data in ${data}`,
    state: 'fine',
    saw: 'they are kept: a cache that is deployed there again has them',
  };
  if (what === 'keep')
    return planOf(planning, [...seen(ours), kept, ...leftBehind(planning)], removeSteps(ours));
  if (typed !== data)
    return refused(
      'data',
      `what ${data} holds would be gone for good`,
      `To have it so, type it once more: --set confirm-data=${data}`,
    );
  const last = removeDataStep(ours);
  if (!last)
    return refused(
      'data',
      `${data} belongs to ${ours.deploying.owner}, and you may not remove it`,
      'As root; or with --set data=keep',
    );
  const gone: Preflight = { ...kept, state: 'warning', saw: 'they are removed, and do not come back' };
  return planOf(planning, [...seen(ours), gone, ...leftBehind(planning)], [...removeSteps(ours), last]);
}

function seen({ name, container, label }: Ours): Preflight[] {
  const { size = '?', image = container.image } = parseLabel(label) ?? {};
  return [
    { id: 'container', title: name, state: 'fine', saw: `${container.status}, ${image}, of ${size} GiB` },
  ];
}

function planOf(planning: Planning, preflight: readonly Preflight[], steps: readonly PlanStep[]): Planned {
  const choice = { ...planning.choice, target: 'worktree' } as const;
  return { preflight, plan: planFor({ ...planning, choice }, { task: 'bazel-remote', steps }) };
}

function refused(id: string, saw: string, fix: string): Planned {
  return { refused: saw, preflight: [{ id, title: id, state: 'problem', saw, fix }] };
}
