import { scriptLines } from '../ci/checks/rule.ts';
import type { CiFiles, Configuration } from '../ci/model.ts';
import { shellCommands } from '../shell/read.ts';
import { staticText } from '../shell/word.ts';

/** Shell scripts of the checkout that a command runs, and those that it only names, as to copy them. */
export function scriptsIn(text: string, tracked: ReadonlySet<string>): { run: string[]; named: string[] } {
  const run: string[] = [];
  const named: string[] = [];
  for (const { words } of shellCommands(text) ?? []) {
    const paths = words.map(({ raw }) => (staticText(raw) ?? '').replace(/^(?:\.\/)+/, ''));
    const isShell = /^(?:.*\/)?(?:sh|bash|dash|ash)$|^(?:\.|source)$/.test(words[0]?.raw ?? '');
    const at = isShell ? words.findIndex(({ raw }, index) => index > 0 && !/^[-+]/.test(raw)) : 0;
    for (const [index, path] of paths.entries())
      if (tracked.has(path)) (index === at ? run : named).push(path);
  }
  return { run, named };
}

/** Scripts that leave the checkout: copied by a job, or into an image. Somewhere else the script that keeps is not beside them. */
export function copiedScripts(
  { jobs }: Configuration,
  files: CiFiles,
  tracked: ReadonlySet<string>,
): ReadonlySet<string> {
  const lines = [...jobs.values()].flatMap(({ keywords }) =>
    scriptLines(keywords, 'before_script', 'script', 'after_script').map(({ text }) => text),
  );
  const copied = new Set(lines.flatMap((text) => scriptsIn(text, tracked).named));
  const images = [...tracked].filter((path) => /(?:^|\/)(?:Container|Docker)file[^/]*$/i.test(path));
  for (const path of tracked)
    if (/\.(?:sh|bash)$/.test(path) && images.some((image) => files.read(image)?.includes(path)))
      copied.add(path);
  return copied;
}
