import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { changeNames } from '../../../source/core/lifetimes/changes/model.ts';
import { shellCommands } from '../../../source/core/shell/read.ts';
import { change, diff, filesOf, jobsOf, namesOf, readingOf } from './world.ts';

const folder = join(process.env.HUSKYCAT_TEST_DATA ?? '', 'ci');
const isThere = process.env.HUSKYCAT_TEST_DATA !== undefined && existsSync(folder);
const projects = isThere ? readdirSync(folder) : ['real configurations (HUSKYCAT_TEST_DATA)'];

function textsOf(project: string): Record<string, string> {
  const root = join(folder, project);
  const paths = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((path) =>
    /\.ya?ml$/.test(path),
  );
  return Object.fromEntries(paths.map((path) => [path, readFileSync(join(root, path), 'utf8')]));
}

/** Lock files that a project of any kind has. */
const locks = { 'go.sum': '', 'uv.lock': '', 'package-lock.json': '', 'requirements.txt': '' };

test.runIf(isThere).each(projects)(
  '%s: few lines, the same jobs, and the paths of every cache stay',
  (project) => {
    const files = filesOf({ ...textsOf(project), ...locks });
    const before = jobsOf(files);
    for (const name of changeNames) {
      const changed = change([name], files);
      if ('refused' in changed) {
        expect(changed.paste.length).toBeGreaterThan(1);
        continue;
      }
      expect(namesOf(changed.files)).toEqual(namesOf(files));
      const after = changed.jobs();
      const meant = new Set(changed.proposals.flatMap(({ jobs }) => jobs));
      for (const [job, keywords] of Object.entries(after)) {
        if (!meant.has(job)) expect([job, keywords]).toEqual([job, before[job]]);
        const paths = (all: unknown) =>
          [all].flat().map((one) => (one as { paths?: unknown } | undefined)?.paths);
        expect(paths(keywords.cache)).toEqual(paths(before[job]?.cache));
      }
      for (const path of files.list()) {
        const [old, now] = [files.read(path) ?? '', changed.files.read(path) ?? ''];
        expect(diff(old, now).length).toBeLessThan(60);
      }
      expect(change([name], changed.files).edits).toEqual([]);
    }
  },
  60_000,
);

test.runIf(isThere).each(projects)('%s: its scripts are read as sh reads them', (project) => {
  const { configuration } = readingOf(filesOf(textsOf(project)));
  const scripts = [...configuration.jobs.values()].flatMap(({ keywords }) => {
    const script = keywords.entries.get('script')?.value;
    return script?.kind === 'sequence'
      ? script.items.flatMap((item) => (item.kind === 'scalar' ? String(item.value) : []))
      : [];
  });
  for (const script of new Set(scripts)) {
    if (shellCommands(script) !== undefined) continue;
    expect(() =>
      execFileSync('sh', ['-n'], { input: script, stdio: ['pipe', 'ignore', 'ignore'] }),
    ).toThrow();
  }
});
