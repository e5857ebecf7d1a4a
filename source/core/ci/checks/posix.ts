import { get, textOf } from '../yaml/node.ts';
import type { CheckInput, Rule } from './rule.ts';
import { type CodeLine, codeLines } from './shared.ts';

/** Official images that have BusyBox' ash and no bash: the runner takes bash only where the image has it. */
const ashImages =
  /^(?:(?:index\.)?docker\.io\/|public\.ecr\.aws\/docker\/)?(?:library\/)?(?:(?:alpine|busybox)(?=$|[:@])|docker(?=$|[:@])(?!:[\w.-]*(?:windows|ubuntu))|(?:node|python|golang|ruby|rust|nginx):[\w.-]*alpine)/;

/** What ash refuses, or does something else with, as it stands outside of quotes (`bare`) or where it is expanded. */
const bashOnly: readonly (readonly [where: 'bare' | 'expanded', pattern: RegExp])[] = [
  ['bare', /(?:^|[\s;&|])[A-Za-z_]\w*\+?=\(/],
  ['bare', /<<</],
  ['bare', /(?:^|[;&|]\s*|\b(?:then|do|else)\s+)(?:declare|typeset|mapfile|readarray|shopt|pushd|popd)\s/],
  ['bare', /(?:^|[;&|]\s*)trap\s[^;|&]*\sERR\b/],
  ['expanded', /(?<![\\$])\$\{\w+(?:\[[^\]]*\]|\^\^?|,,?)[^}]*\}/],
  ['expanded', /(?<![\\$])\$\{![A-Za-z_]\w*[^}]*\}/],
];

export const bashInSh: Rule = {
  id: 'bash-in-sh',
  severity: 'error',
  summary: `Arrays, \`<<<\`, \`\${x^^}\` and other bash in a job whose image has only \`sh\` (Alpine, BusyBox).`,
  why: 'The runner runs the script with the image’s bash or, as here, with its sh, which stops with a syntax error or “bad substitution”.',
  fix: {
    text: 'Write it for sh, run it with bash (apk add bash; bash script.sh), or take an image with bash.',
  },
  *check({ configuration, sets }) {
    if (configuration.unresolved.length > 0 && sets.size === 0) return;
    const seen = new Set<string>();
    for (const job of configuration.jobs.values()) {
      const image = get(job.keywords, 'image');
      const name = textOf(image) ?? textOf(get(image, 'name')) ?? '';
      if (!ashImages.test(name)) continue;
      for (const { found, line } of bashOf(codeLines(job, 'before_script', 'script'))) {
        const { file, line: at, column } = line.at;
        const key = `${file}:${at}:${column}`;
        if (seen.has(key)) continue;
        seen.add(key);
        yield {
          at: line.at,
          title: `${job.name} uses bash (${found.trim()}) in ${name}, which has only sh`,
          saw: line.text.slice(0, 100),
        };
      }
    }
  },
};

/** The first of each script item; one that another shell reads (`bash -c`, a here-document for bash) is left alone. */
function* bashOf(lines: readonly CodeLine[]): Iterable<{ found: string; line: CodeLine }> {
  const other = new Set(
    lines
      .filter(({ text }) => /\b(?:bash|zsh|ksh|python3?|perl|awk|ssh)\b/.test(text))
      .map(({ node }) => node),
  );
  const done = new Set<CheckInput['configuration']['root'] | CodeLine['node']>();
  for (const line of lines) {
    if (other.has(line.node) || done.has(line.node)) continue;
    const [found] = bashOnly.flatMap(([where, pattern]) => pattern.exec(line[where])?.[0] ?? []);
    if (found === undefined) continue;
    done.add(line.node);
    yield { found, line };
  }
}
