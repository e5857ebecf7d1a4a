import { counted } from '../text/format.ts';
import { changesOf } from './changes.ts';
import { costOf } from './cost.ts';
import { withPredictions } from './judged.ts';
import { marksOf } from './marks.ts';
import type { PipelineKind, SpeedReport } from './model.ts';
import type { SpeedInput } from './past.ts';
import { rowsOf } from './rows.ts';
import { seriesOf } from './series.ts';
import { isTrial } from './trial.ts';

const kinds: readonly PipelineKind[] = ['clean', 'python', 'docs', 'container', 'other', 'unknown'];

/** The plan's promises next to what the pipelines of a window show. */
export function speedReport(input: SpeedInput): SpeedReport {
  const { now, since, days, ref, pipelines, notes } = input;
  const trials = pipelines.filter((one) => isTrial(one, input)).length;
  const series = seriesOf(input);
  const changes = withPredictions(changesOf(marksOf(input), series), input);
  return {
    at: new Date(now).toISOString(),
    ...(ref === undefined ? {} : { ref }),
    window: { from: new Date(since).toISOString(), to: new Date(now).toISOString(), days },
    pipelines: Object.fromEntries(
      kinds.map((kind) => [kind, pipelines.filter((one) => one.kind === kind).length]),
    ) as Record<PipelineKind, number>,
    rows: rowsOf(input, series, changes),
    changes,
    cost: costOf(input),
    notes:
      trials === 0
        ? notes
        : [`${counted(trials, 'pipeline')} tried a change out, and no row counts them.`, ...notes],
  };
}
