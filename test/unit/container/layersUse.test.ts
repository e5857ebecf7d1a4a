import { expect, test } from 'vitest';
import { change } from './layers.ts';

const head = `  image: docker:27
  services: [docker:27-dind]
  before_script:
    - docker login -u $CI_REGISTRY_USER -p $CI_REGISTRY_PASSWORD $CI_REGISTRY
`;
const image = '$CI_REGISTRY_IMAGE:x';
const jobOf = (...list: readonly string[]): string =>
  `build:\n${head}  script:\n${list.map((line) => `    - ${line}\n`).join('')}`;

/** The edited script, without the lines of the cache. */
function edited(text: string | Record<string, string>, option: Parameters<typeof change>[1] = 'buildkit') {
  const { after, answer, refused } = change(text, option);
  expect([answer.refused, refused]).toEqual([[], undefined]);
  return after.read('.gitlab-ci.yml') ?? '';
}

test.each([
  ['a push behind another program', `timeout 20m docker push ${image}`],
  ['a push that is asked for again', `docker push ${image} || docker push ${image}`],
  ['a push of what only a shell names', 'docker push $(cat image.txt)'],
  ['a push of a name that no line gives it', 'docker push $RELEASE_IMAGE'],
  ['a name made from an id', `docker tag $(docker images -q ${image}) $CI_REGISTRY_IMAGE:latest`],
])('%s finds the image in the daemon', (_, push) => {
  const text = edited(jobOf(`docker build -t ${image} .`, push));
  expect(text).toContain('--load .');
  expect(text).toContain(`    - ${push}\n`);
  expect(text).not.toContain('--push');
});

test('of two builds of which the second is for when the first fails, either leaves the image to be pushed', () => {
  const build = `docker build -t ${image} .`;
  const text = edited(jobOf(`${build} || ${build}`, `docker push ${image}`));
  expect(text.match(/--load \./g)).toHaveLength(2);
  expect(text).toContain(`    - docker push ${image}\n`);
});

test('a push is of the last build of its name', () => {
  const text = edited(
    jobOf(`docker build --target test -t ${image} .`, `docker build -t ${image} .`, `docker push ${image}`),
  );
  expect(text.match(/--push/g)).toHaveLength(1);
  expect(text.indexOf('--push')).toBeGreaterThan(text.lastIndexOf('docker buildx build'));
});

test('a reference with braces is the one without', () => {
  const text = edited(
    jobOf('docker build -t "${CI_REGISTRY_IMAGE}:${TAG}" .', 'docker push $CI_REGISTRY_IMAGE:$TAG'),
  );
  expect(text).toContain('--push .');
  expect(text.match(/ (?:-t|--tag) /g)).toHaveLength(1);
});

test('an unknown program may use an image that nothing pushes; what only prints does not', () => {
  expect(edited(jobOf('docker build -t app:x .', 'make test'))).toContain('--load .');
  for (const line of ['apk add curl', 'docker images', 'echo done'])
    expect(edited(jobOf('docker build -t app:x .', line))).not.toContain('--load');
  expect(edited(jobOf(`docker build -t ${image} .`, `docker push ${image}`, './deploy.sh'))).toContain(
    '--push .',
  );
});

test('a daemon that outlives the job keeps the names that no registry gets', () => {
  const socket = (text: string) => text.replace('  services: [docker:27-dind]\n', '');
  const kept = socket(jobOf('docker build -t app:x .'));
  expect(edited(kept)).toContain('--load .');
  expect(change(kept, 'buildkit').answer.notes.join('\n')).toContain('app:x stays in the daemon');
  expect(change(kept, 'kaniko').answer.refused[0]?.because).toMatch(
    /app:x stays in the daemon of the machine/,
  );
  const both = socket(jobOf(`docker build -t app:x -t ${image} .`, `docker push ${image}`));
  expect(edited(both)).toMatch(/-t app:x -t \$CI_REGISTRY_IMAGE:x .*--load \..*docker push/s);
  expect(edited(socket(jobOf(`docker build -t ${image} .`, `docker push ${image}`)))).toContain('--push .');
});

test('Buildah tags and pushes under the same conditions as Docker did', () => {
  const release = `|\n      if [ -n "$CI_COMMIT_TAG" ]; then\n        docker tag ${image} $CI_REGISTRY_IMAGE:latest\n        docker push $CI_REGISTRY_IMAGE:latest\n      fi`;
  const text = jobOf(`docker build -t ${image} .`, `docker push ${image}`, release);
  const result = edited({ '.gitlab-ci.yml': text, Dockerfile: 'FROM a\n' }, 'buildah');
  expect(result).toContain(release.replaceAll('docker ', 'buildah '));
  expect(change(text, 'buildkit-rootless').answer.refused[0]?.because).toMatch(
    /docker tag .* uses the image/,
  );
});

test('a build from an image that only the daemon holds', () => {
  const files = { 'app/Dockerfile': 'ARG BASE\nFROM $BASE\nRUN make\n', 'base/Dockerfile': 'FROM a\n' };
  const build = `docker build --build-arg BASE=base:x -t ${image} app`;
  const local = {
    ...files,
    '.gitlab-ci.yml': jobOf('docker build -t base:x base', build, `docker push ${image}`),
  };
  for (const option of ['buildkit', 'kaniko', 'buildkit-rootless'] as const)
    expect(change(local, option).answer).toMatchObject({
      changed: [],
      refused: [{ because: expect.stringContaining('made from base:x'), at: { line: 8 } }],
    });
  expect(change(local, 'buildah').answer.changed).toEqual(['build']);
  const named = {
    ...local,
    'app/Dockerfile': 'FROM base:x\n',
    '.gitlab-ci.yml': local['.gitlab-ci.yml'].replace(' --build-arg BASE=base:x', ''),
  };
  expect(change(named, 'buildkit').answer.refused[0]?.because).toContain('made from base:x');
  const base = '$CI_REGISTRY_IMAGE/base:x';
  const pushed = jobOf(
    `docker build -t ${base} base && docker push ${base}`,
    `docker build --build-arg BASE=${base} -t ${image} app`,
    `docker push ${image}`,
  );
  expect(edited({ ...files, '.gitlab-ci.yml': pushed }).match(/--push/g)).toHaveLength(2);
});

test('an image that goes into a file has to be one', () => {
  const text = jobOf('docker buildx build --output type=docker,dest=image.tar .');
  expect(edited(text)).toContain('--output type=docker,dest=image.tar');
  for (const option of ['kaniko', 'buildkit-rootless', 'buildah'] as const)
    expect(change(text, option).answer.refused[0]?.because).toMatch(/no other word for --output/);
});

test('a build that takes no old layer gets no cache', () => {
  const text = jobOf(`docker build --no-cache -t ${image} .`, `docker push ${image}`);
  for (const option of ['buildkit', 'kaniko', 'buildkit-rootless', 'buildah'] as const)
    expect(change(text, option).answer).toMatchObject({
      changed: [],
      refused: [
        { because: expect.stringMatching(/`--no-cache` has every layer built anew/), at: { line: 7 } },
      ],
    });
  expect(edited(text.replace('--no-cache', '--no-cache=false'))).toContain('--push .');
});

test('a push goes with the comment behind it', () => {
  const text = jobOf(
    `|\n      docker build -t ${image} .\n      docker push ${image}   # moves\n      echo done`,
  );
  const result = edited(text);
  expect(result).toContain('--push .\n      echo done\n');
  expect(result).not.toContain('moves');
});

test.each([
  ['kaniko', 'docker build --build-arg V="$(git describe)" -t a:x .', /needs git that/],
  ['kaniko', 'V=$(jq -r .v a.json | tr -d v) docker build -t a:x .', /needs jq that/],
  [
    'buildkit-rootless',
    'npm --version | head -n 1 && docker build -t a:x .',
    /`npm --version` needs a program/,
  ],
] as const)('a program that %s would not find, in %s', (option, line, because) => {
  expect(change(jobOf(line), option).answer.refused[0]?.because).toMatch(because);
});

test('what the builders’ images hold may be used within a command', () => {
  const text = jobOf(
    `docker build --build-arg D="$(date -u +%F | cut -c1-4)" --build-arg V=$(git describe) -t ${image} .`,
  );
  expect(edited(text, 'buildkit-rootless')).toContain('--opt build-arg:V=$(git describe)');
});
