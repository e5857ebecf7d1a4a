import type { JobEdit } from '../../ci/edit/model.ts';
import { counted } from '../../text/format.ts';
import type { Download, Replacement } from '../downloads.ts';
import { keptDownload, keptDownloadName, keptPattern } from '../keptDownload.ts';
import { secondsText } from '../measured.ts';
import { type Piece, type ScriptText, writeScript } from '../scriptText.ts';
import { type ChangeInput, isWanted, nothing, type Proposal, unmeasured } from './model.ts';

const words = {
  name: 'package-registry',
  title: 'Keep downloaded tools in the package registry',
  tradeOff:
    'A tool is fetched from its maker once for each version, and stays when the maker takes it away; the checksum of the first download is held against each later one. Costs storage that nothing cleans up. Who may store decides what all jobs run: only jobs of protected refs do, unless set otherwise, so that a branch cannot plant a tool. Until then, and whenever the registry fails, jobs download as before.',
} as const;

/** Downloads by way of a script that keeps them in the project's generic packages. */
export function proposePackageRegistry(input: ChangeInput): Proposal {
  const { lifetimes, files, wanted } = input;
  const all = lifetimes.downloads.filter(({ jobs }) => jobs.some((job) => isWanted(input, job)));
  if (all.length === 0) return nothing(words, 'impossible', 'no job downloads a tool with curl or wget');
  const notes = all.flatMap(noteOf);
  const open = all.filter(({ replacement }) => !('because' in replacement));
  const path = scriptPath(files.list());
  const script = keptDownload(wanted.storing);
  const isThere = all.some(({ tool }) => tool === 'kept');
  const isCurrent = !isThere || files.read(path) === script;
  if (open.length === 0 && isCurrent)
    return nothing(
      words,
      isThere ? 'done' : 'impossible',
      isThere ? 'what can be kept is kept' : (notes[0] ?? 'no download can be changed by itself'),
      notes,
    );
  const jobs = [...new Set(open.flatMap((download) => download.jobs))];
  const pins = open.map(({ package: one, url }) => (one ? `${one.name} ${one.version}` : url));
  return {
    ...nothing(words, 'done', '', notes),
    state: 'open',
    because: open.length === 0 ? `${path} is another version` : `${pins.join(', ')} in ${jobs.join(', ')}`,
    edits: editsOf(open, path),
    jobs,
    newFiles: files.read(path) === script ? new Map() : new Map([[path, script]]),
    saves: jobs.map((job) => {
      const measure = input.measures.get(job);
      const count = open.filter((download) => download.jobs.includes(job)).length;
      const runs = measure
        ? `it runs ${secondsText(measure.durations)}, and its log does not tell how much of it is the download`
        : unmeasured;
      return `${job}: ${counted(count, 'download')} by way of the registry; ${runs}.`;
    }),
    marks: jobs.map((job) => ({ job, pattern: keptPattern, shows: 'a tool from the package registry' })),
  };
}

/** Beside the scripts that are there. */
function scriptPath(tracked: readonly string[]): string {
  const known = tracked.find((path) => path.endsWith(`/${keptDownloadName}`));
  if (known !== undefined) return known;
  const folder = tracked.some((path) => path.startsWith('scripts/')) ? 'scripts' : '.gitlab/ci';
  return `${folder}/${keptDownloadName}`;
}

function noteOf({ replacement, url, at, tool }: Download): string[] {
  if (!('because' in replacement) || tool === 'kept') return [];
  return [`${url} (${at.file}:${at.line}) stays as it is: ${replacement.because}`];
}

function editsOf(downloads: readonly Download[], path: string): JobEdit[] {
  const scripts = new Map<string, { script: ScriptText; pieces: Piece[] }>();
  for (const { replacement } of downloads) {
    if ('because' in replacement) continue;
    const { script, start, end } = replacement;
    const id = `${script.file}:${script.offset}`;
    const known = scripts.get(id) ?? { script, pieces: [] };
    scripts.set(id, known);
    known.pieces.push({ start, end, text: commandFor(replacement, path) });
  }
  return [...scripts.values()].flatMap(({ script, pieces }) =>
    writeScript(script, pieces).map((piece): JobEdit => ({ kind: 'text', ...piece })),
  );
}

/** The command that keeps; in a script that is used elsewhere too, with what it did before where the other is not there. */
function commandFor({ script, start, end, url, output }: Replacement, path: string): string {
  const kept = `"\${CI_PROJECT_DIR:-.}/${path}"`;
  const command = `sh ${kept} ${url} ${output}`;
  if (script.isCopied !== true) return command;
  const before = script.text.slice(script.text.lastIndexOf('\n', start - 1) + 1, start);
  const original = script.text.slice(start, end);
  if (before.trim() !== '') return `if [ -f ${kept} ]; then ${command}; else ${original}; fi`;
  const inner = `${before}  `;
  return [
    `if [ -f ${kept} ]; then`,
    `${inner}${command}`,
    `${before}else`,
    `${inner}${original}`,
    `${before}fi`,
  ].join('\n');
}
