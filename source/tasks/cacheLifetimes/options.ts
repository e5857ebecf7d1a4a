import { changeNames, type Proposal } from '../../core/lifetimes/changes/model.ts';
import { propose } from '../../core/lifetimes/changes/propose.ts';
import type { Planning, TaskOption } from '../task.ts';
import { lookAround } from './look.ts';
import { planned, wantedOf } from './settings.ts';

/** The changes of the plan, each kind of change, and all of them; with what each would do here and what it saves. */
export async function options(planning: Omit<Planning, 'choice'>): Promise<readonly TaskOption[]> {
  const { input } = await lookAround(planning, wantedOf({}));
  const proposals = changeNames.map((name) => propose(name, input));
  const own = proposals.filter(({ name }) => planned.includes(name));
  return [
    {
      name: 'planned',
      title: 'Longer expiry and better keys, as planned',
      tradeOff: 'Both as below: the plan’s seven times fewer downloads are not among what they can do.',
      possible: isPossible(own),
      because: isPossible(own) ? 'As planned.' : own.map(({ because }) => because).join('; '),
      recommended: true,
    },
    ...proposals.map((proposal) => ({
      name: proposal.name,
      title: proposal.title,
      tradeOff: proposal.tradeOff,
      possible: isPossible([proposal]),
      because: [proposal.because, ...(proposal.state === 'open' ? proposal.saves : [])].join(' · '),
      recommended: false,
    })),
    {
      name: 'all',
      title: 'Every change that is possible here',
      tradeOff: 'The more is changed at once, the less can be told of what each change saved.',
      possible: isPossible(proposals),
      ...(isPossible(proposals) ? {} : { because: 'none is possible here' }),
      recommended: false,
    },
  ];
}

/** What is done already may be planned again: that plan is empty. */
function isPossible(proposals: readonly Proposal[]): boolean {
  return proposals.some(({ state }) => state !== 'impossible');
}
