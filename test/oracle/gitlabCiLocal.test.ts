import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ours, theirs } from './compare.ts';
import { type Sample, samples } from './generate.ts';
import { askPeer } from './gitlabCiLocal.ts';

const seed = Number(process.env.HUSKYCAT_TEST_SEED ?? 20_261_124);
const runs = Number(process.env.HUSKYCAT_TEST_RUNS ?? 24);
const atOnce = 2;

test('gitlab-ci-local sees the same jobs, needs and merged keywords in random configurations', async () => {
  const all = fc.sample(samples, { seed, numRuns: runs });
  const queue = [...all.entries()];
  const worker = async (): Promise<void> => {
    for (let next = queue.shift(); next; next = queue.shift()) await compare(...next);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}, 120_000);

async function compare(index: number, sample: Sample): Promise<void> {
  const { answer, errors } = ours(sample);
  const where = `HUSKYCAT_TEST_SEED=${seed}, configuration ${index}: ${sample.event} on ${sample.ref}\n${configuration(sample)}`;
  const peer = theirs(sample, await askPeer(sample));
  const isEmpty = errors.length === 1 && errors[0]?.startsWith('Pipeline will not run') === true;
  expect(errors, where).toEqual(isEmpty ? errors : []);
  expect(answer, where).toEqual(peer);
}

function configuration({ files }: Sample): string {
  return Object.entries(files)
    .flatMap(([path, text]) => (path.endsWith('.yml') ? [`# ${path}\n${text}`] : []))
    .join('');
}
