import { expect, test } from 'vitest';
import { change, lines } from './layers.ts';

const head = `  image: docker:27
  services: [docker:27-dind]
  before_script:
    - docker login -u $CI_REGISTRY_USER -p $CI_REGISTRY_PASSWORD $CI_REGISTRY
`;
const jobOf = (line: string): string => `build:\n${head}  script:\n    - ${line}\n`;
const refusalOf = (line: string, files: Record<string, string> = {}) =>
  change({ ...files, '.gitlab-ci.yml': jobOf(line) }, 'buildkit').answer.refused[0];

const makefile = `IMAGE ?= app:x
.PHONY: all image
all: test

test:
	go test ./...

image: compiled
	@$(MAKE) push
push:
	$(DOCKER) build -t $(IMAGE) .
`;

test.each([
  ['sudo docker build -t app:x .', /stands behind another program, `sudo`/],
  ['retry 3 docker build -t app:x .', /stands behind another program, `retry`/],
  ['sh -c "docker build -t app:x . && docker push app:x"', /a text that `sh` is given/],
  ['eval "docker build -t app:x ."', /a text that `eval` is given/],
  ['make image', /Makefile builds the image for `make image` \(line 11\)/],
  ['make -C services/api', /services\/api\/Makefile builds the image for .* \(line 2\)/],
  ['just release', /justfile builds the image for `just release` \(line 2\)/],
  ['npm run image', /package\.json builds the image in its script image/],
  ['. ci/lib.sh && build', /ci\/lib\.sh builds the image \(line 2\)/],
  ['nerdctl build -t app:x .', /nerdctl builds it/],
])('%s is refused, with the reason', (line, because) => {
  const files = {
    Makefile: makefile,
    'services/api/Makefile': 'build:\n\tdocker build -t a:x .\n',
    justfile: 'release version="1":\n  docker build -t a:x .\n',
    'package.json': '{"scripts":{"image":"docker build -t a:x .","test":"tap"}}',
    'ci/lib.sh': 'build() {\n  docker build -t a:x .\n}\n',
  };
  const refusal = refusalOf(line, files);
  expect(refusal?.because).toMatch(because);
  expect(refusal?.paste.join('\n')).toMatch(/--cache-to "type=registry/);
  expect(refusal?.at?.line).toBe(7);
});

test.each([
  'make test',
  'npm run test',
  'git commit -m "Take another image for docker build"',
  'grep -r docker build .',
  'apk add docker build-base',
  'echo "docker build -t app:x ."',
])('%s builds nothing', (line) => {
  expect(
    refusalOf(line, { Makefile: makefile, 'package.json': '{"scripts":{"test":"tap"}}' }),
  ).toBeUndefined();
});

test('what is to be written for compose: a file for the job alone, with the services that are built', () => {
  const files = {
    'compose.yaml':
      'services:\n  app:\n    image: a:x\n    build: .\n  db:\n    image: postgres\n  web:\n    build: web\n',
  };
  const refusal = refusalOf('docker compose build', files);
  expect(refusal?.because).toMatch(/\(compose\.yaml\)/);
  const text = refusal?.paste.join('\n') ?? '';
  expect(text).toMatch(/ {2}app:\n {4}build:\n {6}cache_from:\n.*\/cache\/app:.* {2}web:\n.*\/cache\/web:/s);
  expect(text).not.toContain('db:');
  expect(text).toContain('docker buildx create --use --driver docker-container');
  expect(text).toContain('docker compose -f compose.yaml -f compose.cache.yaml build');
  const one = refusalOf('docker-compose -f ci.yml up --build app', { 'ci.yml': files['compose.yaml'] });
  expect(one?.paste.join('\n')).toMatch(
    /^# compose\.cache\.yaml\nservices:\n {2}app:(?!.* {2}web:).* -f ci\.yml -f/s,
  );
  expect(
    change({ '.gitlab-ci.yml': jobOf('docker compose build') }, 'kaniko').answer.refused[0]?.paste,
  ).toEqual([]);
});

test('Podman builds as Buildah does', () => {
  const text =
    'build:\n  image: quay.io/podman/stable:v5.2\n  script:\n    - podman login -u $CI_REGISTRY_USER -p $CI_REGISTRY_PASSWORD $CI_REGISTRY\n    - podman build -f Containerfile -t $CI_REGISTRY_IMAGE:x .\n    - podman push $CI_REGISTRY_IMAGE:x\n';
  const { diff, answer } = change(text, 'buildah');
  expect(lines(diff)).toEqual([
    '-    - podman build -f Containerfile -t $CI_REGISTRY_IMAGE:x .',
    '+    - |',
    '+      podman build -f Containerfile -t $CI_REGISTRY_IMAGE:x \\',
    '+        --cache-from "$CI_REGISTRY_IMAGE/cache" \\',
    '+        --cache-to "$CI_REGISTRY_IMAGE/cache" \\',
    '+        --cache-ttl 168h .',
  ]);
  expect(answer.notes.join('\n')).toContain('Podman has to be 4.4');
  expect(change(text, 'buildkit').answer.refused[0]?.because).toMatch(/^podman builds it/);
  expect(change(text, 'buildkit-rootless').answer.changed).toEqual(['build']);
});
