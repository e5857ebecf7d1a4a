import { partValue } from '../../../core/datum.ts';
import type { Container } from '../../../core/host/model.ts';
import type { Known, TaskOption } from '../../task.ts';

/** What can be done with a cache that is there. */
const dayTwoNames = ['restart', 'upgrade', 'resize', 'remove'] as const;

export type DayTwo = (typeof dayTwoNames)[number];

export function asDayTwo(option: string | undefined): DayTwo | undefined {
  return dayTwoNames.find((name) => name === option);
}

const titles: Readonly<Record<DayTwo, readonly [title: string, tradeOff: string]>> = {
  restart: ['Restart it', 'Builds miss it for some seconds, then go on; what it holds stays.'],
  upgrade: [
    'Upgrade it to another version',
    'Replaced by a container of the other image over the same data; the old one is put back when the new one does not work.',
  ],
  resize: [
    'Give it another size',
    'Replaced by a container with the other limit over the same data; a smaller limit evicts what was used longest ago.',
  ],
  remove: ['Remove it', 'Builds go on without it; its data are kept unless they are to go too.'],
};

/** The ways to go on with a cache that is there, after those to deploy one. */
export function dayTwoOptions({ honey }: Partial<Pick<Known, 'honey'>>): readonly TaskOption[] {
  const containers = partValue(honey?.value?.containers);
  const because = containers ? whyNot(containers) : undefined;
  return dayTwoNames.map((name) => {
    const [title, tradeOff] = titles[name];
    return {
      name,
      title,
      tradeOff,
      possible: because === undefined,
      ...(because === undefined ? {} : { because }),
      recommended: false,
    };
  });
}

/** The container of a host that is ours; the first where there are several. */
export function ownContainer(containers: readonly Container[]): Container | undefined {
  return containers.find(({ isOurs }) => isOurs === true);
}

/** Why nothing can be done with the cache of a host with these containers; undefined when something can. */
export function whyNot(containers: readonly Container[]): string | undefined {
  if (ownContainer(containers)) return undefined;
  const foreign = containers.find(({ image }) => /\bbazel-remote/.test(image));
  return foreign
    ? `the container ${foreign.name} was not made here, so it is left as it is`
    : 'no container that was made here is on honey';
}
