import type { Evidence } from '../../core/evidence.ts';
import { plain } from '../../core/text/safe.ts';
import { type BazelHits, hitsText, parseBazelHits } from './bazelOutput.ts';
import { jobLog } from './ciJob.ts';
import type { Verdict, Verification, VerifyContext } from './model.ts';
import { endOf, openSite } from './place.ts';

/** Builds everything twice with a clean in between: what the second build takes from a cache is the evidence. */
export const bazelTwice: Verification = {
  name: 'bazel-twice',
  title: 'Bazel build with its caches',
  places: ['here', 'honey', 'ci'],
  effect: (place, isAgain) => (place === 'here' ? 'local' : place === 'honey' || isAgain ? 'remote' : 'none'),
  commands: (place) =>
    place === 'ci'
      ? ['the log of the job that runs bazel build']
      : ['bazel clean', 'bazel build //...', 'bazel clean', 'bazel build //...'],
  run: (context) => (context.place === 'ci' ? fromJob(context) : fromBuilds(context)),
};

async function fromBuilds(context: VerifyContext): Promise<Verdict> {
  const site = await openSite(context);
  const evidence: Evidence[] = [];
  const hits: (BazelHits | undefined)[] = [];
  const round = [['bazel', 'clean'] as const, ['bazel', 'build', '//...'] as const] as const;
  const all = await site.build([...round, ...round], /\bINFO: \d+ process|^ERROR|^FAILED/);
  for (const [index, { argv, result, said, at }] of all.entries()) {
    const which = index < round.length ? 'first' : 'second';
    const source = `${which} ${argv.join(' ')} in ${site.folder} on ${site.address}`;
    if (result.code !== 0) {
      const why = plain(said.lines.find((line) => /^ERROR|^FAILED/.test(line)) ?? said.last, 300);
      const saw = `${endOf(result)}${why === '' ? '' : `: ${why}`}`;
      return {
        state: 'failed',
        rung: 'present',
        evidence: [{ at, source, saw }, ...evidence],
        numbers: {},
      };
    }
    if (argv[1] === 'clean') continue;
    const found = parseBazelHits(said.lines.join('\n'));
    hits.push(found);
    evidence.unshift({
      at,
      source,
      saw: found ? hitsText(found) : 'Bazel did not say what came from a cache',
    });
  }
  return verdictOf(hits.at(-1), evidence);
}

async function fromJob(context: VerifyContext): Promise<Verdict> {
  const { job, text, source, at } = await jobLog(context, /\bbazel(?:isk)?\s+(?:--?\S+\s+)*build\b/);
  const found = parseBazelHits(text);
  const saw = found ? hitsText(found) : 'Bazel did not say what came from a cache';
  const verdict = verdictOf(found, [{ at, source, saw }]);
  return job.status === 'success' ? verdict : { ...verdict, state: 'failed', rung: 'present' };
}

function verdictOf(hits: BazelHits | undefined, evidence: readonly Evidence[]): Verdict {
  const found = hits ? hits.remote + hits.disk : 0;
  const isMissed = hits !== undefined && hits.actions > 0 && found === 0;
  return {
    state: isMissed ? 'failed' : 'passed',
    rung: found > 0 ? 'proven' : isMissed ? 'present' : 'valid',
    evidence,
    numbers: hits ? { actions: hits.actions, remoteHits: hits.remote, diskHits: hits.disk } : {},
  };
}
