import { bytes } from '../../core/text/format.ts';
import { plain } from '../../core/text/safe.ts';
import { jobLog } from './ciJob.ts';
import { parseDu } from './duOutput.ts';
import type { Verdict, Verification, VerifyContext } from './model.ts';
import { lastLine, openSite } from './place.ts';

const usual = '.cache/bazel';

/** How much Bazel's disk cache holds. */
export const diskCache: Verification = {
  name: 'disk-cache',
  title: 'Size of Bazel’s disk cache',
  places: ['here', 'honey', 'ci'],
  effect: (place, isAgain) => (place === 'ci' && isAgain ? 'remote' : 'none'),
  commands: (place) => (place === 'ci' ? ['the log of the job that runs du on it'] : [`du -sk ${usual}`]),
  run: (context) => (context.place === 'ci' ? fromJob(context) : fromFolder(context)),
};

async function fromFolder(context: VerifyContext): Promise<Verdict> {
  const site = await openSite(context);
  const path = folderIn(context);
  const home = /^~\/(.+)$/.exec(path)?.[1];
  const result = await site.read(
    home === undefined ? ['du', '-sk', '--', path] : ['sh', '-c', 'du -sk -- "$HOME/$1"', 'sh', home],
  );
  const at = new Date(context.workspace.now()).toISOString();
  const source = `du -sk ${path} in ${site.folder} on ${site.address}`;
  const size = /^(\d+)\s/m.exec(result.stdout)?.[1];
  if (result.code !== 0 && size === undefined)
    return {
      state: 'failed',
      rung: 'absent',
      evidence: [{ at, source, saw: lastLine(result) }],
      numbers: {},
    };
  return measured(Number(size ?? 0) * 1024, { at, source });
}

/** As .bazelrc names it, without a config that has to be asked for. */
function folderIn({ known }: VerifyContext): string {
  const claim = known.facts?.bazel.claims.find(
    ({ flag, isActive, isConditional, value = '' }) =>
      flag === 'disk_cache' && isActive && !isConditional && value !== '',
  );
  return (claim?.value ?? usual).replace(/^["']|["']$/g, '').replace(/^%workspace%\/?/, './');
}

async function fromJob(context: VerifyContext): Promise<Verdict> {
  const { text, source, at } = await jobLog(context, /\bdu\s+-\w+\s+\S*bazel/);
  const size = parseDu(text);
  if (size === undefined)
    return {
      state: 'failed',
      rung: 'unknown',
      evidence: [{ at, source, saw: 'no line of it tells a size' }],
      numbers: {},
    };
  return measured(size, { at, source });
}

function measured(size: number, { at, source }: { at: string; source: string }): Verdict {
  const isEmpty = size <= 8 * 1024;
  return {
    state: 'passed',
    rung: isEmpty ? 'present' : 'valid',
    evidence: [{ at, source, saw: plain(`${bytes(size)}${isEmpty ? ': there is nothing in it' : ''}`) }],
    numbers: { bytes: Math.round(size) },
  };
}
