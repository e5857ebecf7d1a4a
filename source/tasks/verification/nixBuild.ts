import type { Evidence, Rung } from '../../core/evidence.ts';
import { NeedsUser } from '../../core/failure.ts';
import { counted } from '../../core/text/format.ts';
import { plain } from '../../core/text/safe.ts';
import { jobLog } from './ciJob.ts';
import type { Verdict, Verification, VerifyContext } from './model.ts';
import { type NixOutput, nixLines, parseNixOutput } from './nixOutput.ts';
import { endOf, openSite } from './place.ts';

const build = [
  'nix',
  '--extra-experimental-features',
  'nix-command flakes',
  'build',
  '--print-build-logs',
] as const;
const program = './result/bin/huskycat';

/** Builds the flake, and looks which paths came from the cache rather than being built. */
export const nixBuild: Verification = {
  name: 'nix-build',
  title: 'Nix build with the cache',
  places: ['here', 'honey', 'ci'],
  effect: (place, isAgain) => (place === 'here' ? 'local' : place === 'honey' || isAgain ? 'remote' : 'none'),
  commands: (place) =>
    place === 'ci'
      ? ['the log of the job that runs nix build']
      : ['nix build --print-build-logs', `${program} --version`],
  run: (context) => (context.place === 'ci' ? fromJob(context) : fromBuild(context)),
};

async function fromBuild(context: VerifyContext): Promise<Verdict> {
  const { known } = context;
  if (context.place === 'here' && known.facts && !known.facts.files.has('flake.nix'))
    throw new NeedsUser({
      tried: 'build the flake',
      saw: 'the checkout has no flake.nix',
      next: ['Run it in the checkout of HuskyCat: --dir PATH'],
      code: 'no-flake',
    });
  const site = await openSite(context);
  const [{ result, said, at }] = await site.build([build], nixLines);
  const source = `nix build in ${site.folder} on ${site.address}`;
  const isBuilt = result.code === 0;
  const output = parseNixOutput(said.lines.join('\n'));
  const verdict = verdictOf(output, isBuilt, { context, at, source, last: said.last || endOf(result) });
  if (!isBuilt) return verdict;
  const version = await site.read([program, '--version']).catch(() => undefined);
  const saw = version?.code === 0 ? plain(version.stdout.trim(), 200) : 'it does not start';
  const started: Evidence = { at, source: `${program} --version on ${site.address}`, saw };
  return { ...verdict, evidence: [...verdict.evidence, started] };
}

async function fromJob(context: VerifyContext): Promise<Verdict> {
  const { job, text, source, at } = await jobLog(context, /\bnix\s+(?:\S+\s+)*?build\b/);
  return verdictOf(parseNixOutput(text), job.status === 'success', {
    context,
    at,
    source,
    last: job.failureReason ?? '',
  });
}

interface Seen {
  readonly context: VerifyContext;
  readonly at: string;
  readonly source: string;
  readonly last: string;
}

function verdictOf(output: NixOutput, isBuilt: boolean, { context, at, source, last }: Seen): Verdict {
  const { attic } = context.workspace;
  const own = 'service' in attic ? attic.service.url.replace(/\/+$/, '') : undefined;
  const total = [...output.copied.values()].reduce((sum, count) => sum + count, 0);
  const ours = own === undefined ? total : (output.copied.get(own) ?? 0);
  const rung: Rung = !isBuilt ? 'present' : ours > 0 ? 'proven' : 'valid';
  return {
    state: isBuilt ? 'passed' : 'failed',
    rung,
    evidence: [{ at, source, saw: sawOf(output, isBuilt, own, last) }],
    numbers: { copied: total, copiedFromCache: ours, built: output.built, ignored: output.ignored },
  };
}

function sawOf(
  { copied, built, ignored, error }: NixOutput,
  isBuilt: boolean,
  own: string | undefined,
  last: string,
): string {
  const from = [...copied].map(([url, count]) => `${counted(count, 'path')} copied from ${plain(url, 200)}`);
  const isIdle = copied.size === 0 && built === 0;
  return [
    ...(isBuilt ? [] : [`it failed: ${plain(error ?? last, 300)}`]),
    ...from,
    ...(own !== undefined && !copied.has(own) && !isIdle ? [`nothing from ${own}`] : []),
    ...(built > 0 ? [`${counted(built, 'derivation')} built`] : []),
    ...(ignored > 0 ? [`${counted(ignored, 'path')} passed over, since the signature is not trusted`] : []),
    ...(isIdle && isBuilt
      ? ['nothing was copied or built: all of it was in the store, which shows nothing of the cache']
      : []),
  ].join('; ');
}
