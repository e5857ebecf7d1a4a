import type { Valued } from '../../core/parallel/search.ts';
import { plain } from '../../core/text/safe.ts';
import type { Planning, TaskOption } from '../task.ts';
import { type Looked, lookAround } from './look.ts';
import { costText, gainText, pathText, unsureTexts } from './words.ts';

/** More single moves than this are not offered; `moves` takes any. */
const mostSingle = 8;

/** The set that brings most, the plan's own move, and single moves by what they bring. */
export async function options(planning: Omit<Planning, 'choice'>): Promise<readonly TaskOption[]> {
  const looked = await lookAround(planning);
  const { single } = looked.found;
  const others = single.filter(({ moves }) => moves[0]?.kind !== 'plan').slice(0, mostSingle);
  return [best(looked), plans(looked), ...others.map((valued) => option(looked, valued, false))];
}

function best(looked: Looked): TaskOption {
  const { best: found, isComplete } = looked.found;
  if (found) {
    const title = found.moves.length === 1 ? found.moves[0]?.title : `${found.moves.length} moves together`;
    const partly = isComplete ? '' : '; the pipeline is so large that not all was tried';
    return {
      ...option(looked, found, true),
      name: 'best',
      title: `What saves most: ${plain(title ?? '', 200)}`,
      because: plain(`${gainText(looked, found)}${partly}`, 1_000),
    };
  }
  return {
    name: 'best',
    title: 'What saves most',
    tradeOff: 'Nothing is changed.',
    possible: true,
    because: plain(
      [
        `no set of moves saves ${looked.wanted.minimum} s or more and keeps what jobs rely on`,
        ...unsureTexts(looked.found.single, looked.weights, looked.wanted.minimum),
        `the critical path is ${pathText(looked)}`,
      ].join('; '),
      1_000,
    ),
    recommended: true,
  };
}

function plans(looked: Looked): TaskOption {
  const found = looked.found.single.find(({ moves }) => moves[0]?.kind === 'plan');
  if (found) return option(looked, found, false);
  return {
    name: 'plan',
    title: 'The plan’s own move: downloads of tools in the first stage, at once',
    tradeOff: 'Nothing is changed.',
    possible: false,
    because: 'no job downloads tools, or they start at once already',
    recommended: false,
  };
}

function option(looked: Looked, valued: Valued, recommended: boolean): TaskOption {
  const { moves, problems } = valued;
  const [move] = moves;
  return {
    name: move?.id ?? '',
    title: plain(move?.kind === 'plan' ? `The plan’s own move: ${move.title}` : (move?.title ?? ''), 300),
    tradeOff: plain(costText(valued), 1_000) || 'Nothing that is known.',
    possible: problems.length === 0,
    because: plain(problems.length > 0 ? problems.join('; ') : gainText(looked, valued), 1_000),
    recommended,
  };
}
