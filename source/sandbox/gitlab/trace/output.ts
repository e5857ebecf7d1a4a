import type { Tree } from '../../checkout/objects.ts';
import type { Random } from '../model/random.ts';
import type { Story } from '../model/runs.ts';
import { bazel, downloads, nixBuild, uvSync } from './buildOutput.ts';
import { dockerBuild, dockerPush } from './containerOutput.ts';
import { buildahBuild, kanikoBuild } from './daemonlessOutput.ts';
import { block, type Item } from './items.ts';
import { codesign, notarize, securityImport } from './signingOutput.ts';

export interface OutputContext {
  readonly story: Story;
  readonly tree: Tree;
  readonly random: Random;
  /** Variables of the job's configuration. */
  readonly variables: Readonly<Record<string, string>>;
}

type Output = (command: string, context: OutputContext) => Item[];

/** What a command prints, by the first pattern that it fits. */
const outputs: readonly (readonly [RegExp, Output])[] = [
  [
    /docker login/,
    () =>
      block(
        ['WARNING! Your password is stored unencrypted in /root/.docker/config.json.', 'Login Succeeded'],
        2,
      ),
  ],
  [
    /kaniko\/executor|buildah build/,
    (command, { tree, story, random }) =>
      (command.includes('kaniko') ? kanikoBuild : buildahBuild)(
        tree.get('ContainerFile')?.content.toString('utf8') ?? '',
        { isCached: story.cached === true, writes: /--cache-(?:repo|to)\b/.test(command), random },
      ),
  ],
  [
    /docker (?:buildx )?build|buildctl/,
    (command, { tree, story, random }) =>
      dockerBuild(tree.get('ContainerFile')?.content.toString('utf8') ?? '', {
        isCached: story.cached === true,
        reads: /--(?:cache-from|import-cache)\b/.test(command),
        writes: /--(?:cache-to|export-cache)\b/.test(command),
        hasOwnBuilder: /buildx|buildctl/.test(command),
        random,
      }),
  ],
  [/(?:docker|buildah) push/, (_, { random }) => dockerPush(random)],
  [/docker pull/, () => block(['Pulling from tinyland/ai/huskycat', 'Status: Downloaded newer image'], 30)],
  [
    /pip install .*uv==/,
    () =>
      block(
        [
          'Looking in indexes: https://pypi.org/simple, https://gitlab-ci-token:[MASKED]@gitlab.com/api/v4/groups/tinyland/-/packages/pypi/simple',
        ],
        8,
      ),
  ],
  [/uv sync/, (_, { random }) => uvSync(random)],
  [/ruff check/, () => block(['All checks passed!'], 3)],
  [/ruff format/, () => block(['5 files already formatted'], 2)],
  [/mypy/, () => block(['Success: no issues found in 4 source files'], 25)],
  [/bandit/, () => block(['Run started', 'Test results:', '\tNo issues identified.'], 6)],
  [/gitleaks/, () => block(['11 commits scanned.', 'scanned ~41.2 KB in 84ms', 'no leaks found'], 4)],
  [
    /trivy image/,
    () => block(['INFO\tDetected OS\tfamily="debian" version="12.9"', 'Total: 0 (CRITICAL: 0)'], 60),
  ],
  [
    /pytest/,
    () => [
      { text: 'collected 3 items', weight: 12 },
      {
        text: 'tests/test_validate.py \u001B[32m...\u001B[0m                               [100%]',
        weight: 80,
      },
      { text: '\u001B[32m============== 3 passed in 1.31s ==============\u001B[0m', weight: 1 },
    ],
  ],
  [/--self-test/, () => block(['self-test passed'], 10)],
  [/huskycat.* --version|huskycat" --version/, () => block(['huskycat 2.0.0b1'])],
  [/huskycat validate/, () => block(['8 files, 0 problems'], 8)],
  [/download-tools\.sh/, (_, { variables, random }) => downloads(variables.PLATFORM ?? '', random)],
  [
    /nix (?:build|flake check)/,
    (_, { story, variables, random }) =>
      nixBuild(story.cached === true, `${variables.ATTIC_SERVER ?? ''}/main`, random),
  ],
  [
    /bazel (build|test)/,
    (command, { story, random }) =>
      bazel(/bazel (\w+)/.exec(command)?.[1] ?? '', story.cached === true, random),
  ],
  [/^du -sh/, () => block(['1.2G\t.cache/bazel'])],
  [/attic login/, () => block(['✍️ Configuring server "ci" (token [MASKED])'])],
  [
    /attic push/,
    () => block(['⚙️ Pushing 3 paths to "main" on "ci" (0 already cached, 58 in upstream)...'], 60),
  ],
  [
    /pyinstaller/,
    () =>
      block(
        [
          'INFO: PyInstaller: 6.11.1, Python: 3.12.8',
          'INFO: Building PKG (CArchive) huskycat.pkg',
          'INFO: Build complete!',
        ],
        120,
      ),
  ],
  [/syft/, () => block([' ✔ Cataloged contents', ' ✔ Packages [212 packages]'], 30)],
  [/security import certificate\.p12/, (_, { story }) => securityImport(story.wrongPassword === true)],
  [/security import/, () => securityImport(false)],
  [/codesign/, (command) => codesign(command)],
  [
    /APPLE_ID.* not set|-z "\$APPLE_ID"/,
    (_, { story }) => (story.variables.APPLE_ID ? [] : block(['APPLE_ID not set, skipping notarization'])),
  ],
  [/notarytool submit/, (_, { random }) => notarize(random)],
  [/stapler staple/, () => block(['The staple and validate action worked!'], 4)],
  [/^echo "release/, () => block(['release'])],
];

/** The lines that a command prints. */
export function outputOf(command: string, context: OutputContext): Item[] {
  const [, output] = outputs.find(([pattern]) => pattern.test(command)) ?? [];
  return output?.(command, context) ?? [];
}

/** Whether the job ends with this command: it failed, or left by itself with success. */
export function stopsAt(command: string, { wrongPassword, variables }: Story): boolean {
  if (wrongPassword && command.includes('security import certificate.p12')) return true;
  return command.includes('-z "$APPLE_ID"') && !variables.APPLE_ID;
}
