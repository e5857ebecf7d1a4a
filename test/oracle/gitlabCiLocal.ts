import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import type { Sample } from './generate.ts';

export interface PeerJob {
  readonly name: string;
  readonly stage: string;
  readonly when: string;
  readonly allow_failure: boolean | object;
  readonly needs?: readonly {
    readonly job: string;
    readonly artifacts: boolean;
    readonly optional: boolean;
  }[];
}

/** What gitlab-ci-local makes of a sample. */
export interface PeerAnswer {
  /** Every job that its rules let in. */
  readonly jobs: readonly PeerJob[];
  /** Keywords by job, everything merged. */
  readonly merged: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

const run = promisify(execFile);
const program = join(
  dirname(createRequire(import.meta.url).resolve('gitlab-ci-local/package.json')),
  'dist/index.js',
);

/** Asks gitlab-ci-local, in a repository that is removed afterwards. */
export async function askPeer(sample: Sample): Promise<PeerAnswer> {
  const root = mkdtempSync(join(tmpdir(), 'huskycat-oracle-'));
  try {
    createRepository(root, sample);
    const ask = async (flag: string): Promise<string> => {
      const { stdout } = await run(process.execPath, [program, flag, ...options(sample)], {
        cwd: root,
        env: { PATH: process.env.PATH, HOME: root, GIT_CONFIG_NOSYSTEM: '1' },
        maxBuffer: 16 * 1024 * 1024,
      });
      return stdout;
    };
    const [listed, preview] = await Promise.all([ask('--list-json'), ask('--preview')]);
    const jobs: PeerJob[] = JSON.parse(listed.slice(listed.search(/^\[/m)));
    return {
      jobs: jobs.filter(({ when }) => when !== 'never'),
      merged: parse(preview.slice(preview.search(/^---$/m))),
    };
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

function createRepository(root: string, { files, event, ref }: Sample): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  const git = (...argv: string[]) =>
    execFileSync('git', ['-C', root, '-c', 'user.name=a', '-c', 'user.email=a@b', ...argv], {
      stdio: 'ignore',
    });
  git('init', '-q', '-b', 'main');
  git('add', '-A');
  git('commit', '-qm', 'Start');
  git('remote', 'add', 'origin', 'git@gitlab.example:group/project.git');
  git('update-ref', 'refs/remotes/origin/main', 'HEAD');
  git('symbolic-ref', 'refs/remotes/origin/HEAD', 'refs/remotes/origin/main');
  if (event === 'tag') git('tag', ref);
  else if (ref !== 'main') git('checkout', '-qb', ref);
}

const predefined =
  'CI_COMMIT_TAG,CI_COMMIT_BRANCH,CI_COMMIT_REF_NAME,CI_PIPELINE_SOURCE,CI_MERGE_REQUEST_IID,CI_MERGE_REQUEST_SOURCE_BRANCH_NAME';

/** It knows pushes of branches only; other events are told to it through their variables. */
function options({ event, ref }: Sample): string[] {
  const set = (name: string, value: string): string[] => ['--variable', `${name}=${value}`];
  const common = [
    '--evaluate-rule-changes=false',
    '--json-schema-validation=false',
    '--ignore-predefined-vars',
    predefined,
  ];
  if (event === 'push') return common;
  const unset = ['--unset-variable', 'CI_COMMIT_BRANCH'];
  if (event === 'tag')
    return [...common, ...unset, ...set('CI_COMMIT_TAG', ref), ...set('CI_COMMIT_REF_NAME', ref)];
  return [
    ...common,
    ...unset,
    ...set('CI_PIPELINE_SOURCE', 'merge_request_event'),
    ...set('CI_MERGE_REQUEST_IID', '1'),
    ...set('CI_MERGE_REQUEST_SOURCE_BRANCH_NAME', ref),
  ];
}
