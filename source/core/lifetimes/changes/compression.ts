import type { JobEdit } from '../../ci/edit/model.ts';
import { variablesOf } from '../../ci/variables.ts';
import { get } from '../../ci/yaml/node.ts';
import { duration } from '../../text/format.ts';
import type { JobMeasure } from '../measured.ts';
import { type ChangeInput, isWanted, nothing, type Proposal, unmeasured } from './model.ts';

const words = {
  name: 'compression',
  title: 'Pack caches and artifacts faster',
  tradeOff:
    'A lower level packs faster and makes larger archives, which take longer to send and to store: it pays where packing is slow and the network is fast. The level counts only with FF_USE_FASTZIP, and for all jobs.',
} as const;

/** `FF_USE_FASTZIP` and the compression levels, which gitlab-runner reads, for all jobs. */
export function proposeCompression(input: ChangeInput): Proposal {
  const { lifetimes, configuration, wanted } = input;
  const keeping = [...new Set([...lifetimes.caches, ...lifetimes.artifacts].map(({ job }) => job))];
  const jobs = keeping.filter((job) => isWanted(input, job));
  if (jobs.length === 0) return nothing(words, 'impossible', 'no job keeps a cache or artifacts');
  const root = get(configuration.root, 'variables');
  const have = variablesOf(root);
  const values = {
    FF_USE_FASTZIP: 'true',
    CACHE_COMPRESSION_LEVEL: wanted.level,
    ARTIFACT_COMPRESSION_LEVEL: wanted.level,
  };
  const missing = Object.entries(values).filter(([name, value]) => have[name] !== value);
  if (missing.length === 0) return nothing(words, 'done', `the level is ${wanted.level}`);
  if (root?.kind !== 'mapping')
    return nothing(words, 'impossible', 'the configuration has no variables at its top level to add them to');
  const edits = missing.map(
    ([name, value]): JobEdit => ({
      kind: 'set',
      job: 'variables',
      path: [name],
      yaml: value === 'true' ? '"true"' : value,
    }),
  );
  return {
    ...nothing(words, 'done', ''),
    state: 'open',
    because: missing.map(([name, value]) => `${name}: ${value}`).join(', '),
    edits,
    saves: savings(jobs, input.measures),
  };
}

function savings(jobs: readonly string[], measures: ReadonlyMap<string, JobMeasure>): string[] {
  const lines = jobs.flatMap((job) => {
    const measure = measures.get(job);
    const spent = [measure?.saving, measure?.sendingArtifacts].flatMap((one) => one?.median ?? []);
    if (!measure || spent.length === 0) return [];
    const whole = spent.reduce((sum, one) => sum + one, 0);
    return [
      `${job}: at most ${duration(whole)} of packing and sending (median, N ${measure.n}); how much of it is packing, no log tells.`,
    ];
  });
  return lines.length === 0 ? [`It ${unmeasured}: no log tells how long packing takes.`] : lines;
}
