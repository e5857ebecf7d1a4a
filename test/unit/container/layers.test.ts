import { expect, test } from 'vitest';
import { imageJobs } from '../../../source/core/container/imageJob.ts';
import { isCached } from '../../../source/core/container/rewrite.ts';
import { weaknesses } from '../../../source/core/container/weaknesses.ts';
import { change, filesOf, lines, setOf } from './layers.ts';

const daemon = `  image: docker:27
  services:
    - docker:27-dind
  variables:
    DOCKER_TLS_CERTDIR: "/certs"
`;
const login =
  '    - echo "$CI_REGISTRY_PASSWORD" | docker login -u "$CI_REGISTRY_USER" --password-stdin "$CI_REGISTRY"\n';
const own = '$CI_REGISTRY_IMAGE/cache:$CI_COMMIT_REF_SLUG-$CI_COMMIT_REF_PROTECTED';
const shared = '$CI_REGISTRY_IMAGE/cache:$CI_DEFAULT_BRANCH-true';
const to = `"type=registry,ref=${own},mode=max,ignore-error=true,image-manifest=true,oci-mediatypes=true"`;
const builder = [
  '+    - docker context create layers',
  '+    - docker buildx create --use --driver docker-container --driver-opt image=moby/buildkit:v0.23.2 layers',
];
const caches = (indent: string, end = ' \\') => [
  `+${indent}--cache-from "type=registry,ref=${own}"${end}`,
  `+${indent}--cache-from "type=registry,ref=${shared}"${end}`,
  `+${indent}--cache-to ${to}${end}`,
];

test('a build and its push on lines of their own become one command, nothing else changes', () => {
  const text = `build:
  stage: build
${daemon}  before_script:
${login}  script:
    # the image
    - docker build -t "$CI_REGISTRY_IMAGE:$CI_COMMIT_SHA" .
    - docker push "$CI_REGISTRY_IMAGE:$CI_COMMIT_SHA"
    - echo "IMAGE=$CI_REGISTRY_IMAGE:$CI_COMMIT_SHA" >> build.env # for deploy
  artifacts:
    reports:
      dotenv: build.env
`;
  expect(lines(change(text, 'buildkit').diff)).toEqual([
    '-    - docker build -t "$CI_REGISTRY_IMAGE:$CI_COMMIT_SHA" .',
    '-    - docker push "$CI_REGISTRY_IMAGE:$CI_COMMIT_SHA"',
    ...builder,
    '+    - |',
    '+      docker buildx build -t "$CI_REGISTRY_IMAGE:$CI_COMMIT_SHA" \\',
    ...caches('        '),
    '+        --provenance=false --push .',
  ]);
});

test('in a block only lines of the build change; inline cache and what only pulled it go', () => {
  const text = `build:
${daemon}  script:
${login}    - docker pull $CI_REGISTRY_IMAGE:latest || true
    - |
      # build it
      docker build \\
        --build-arg VERSION=$CI_COMMIT_TAG \\
        --cache-from $CI_REGISTRY_IMAGE:latest --build-arg BUILDKIT_INLINE_CACHE=1 \\
        -f docker/Dockerfile \\
        -t $CI_REGISTRY_IMAGE:$CI_COMMIT_SHA \\
        .
      # push it
      docker push $CI_REGISTRY_IMAGE:$CI_COMMIT_SHA
      echo pushed
`;
  const { diff, answer } = change(text, 'buildkit');
  expect(lines(diff)).toEqual([
    '-    - docker pull $CI_REGISTRY_IMAGE:latest || true',
    ...builder,
    '-      docker build \\',
    '+      docker buildx build \\',
    '-        --cache-from $CI_REGISTRY_IMAGE:latest --build-arg BUILDKIT_INLINE_CACHE=1 \\',
    ...caches('        '),
    '+        --provenance=false --push \\',
    '-      docker push $CI_REGISTRY_IMAGE:$CI_COMMIT_SHA',
  ]);
  expect(answer.notes.join('\n')).toContain('inline cache');
});

test('a folded block keeps its form', () => {
  const text = `build:
${daemon}  script:
${login}    - >-
      docker buildx build
      --push --provenance=false
      -t $CI_REGISTRY_IMAGE:$CI_COMMIT_SHA
      .
`;
  expect(lines(change(text, 'buildkit').diff)).toEqual([
    ...builder,
    '-      .',
    ...caches('      ', '').slice(0, 2),
    `+      --cache-to ${to} .`,
  ]);
});

test('Windows line ends stay', () => {
  const text =
    `build:\n${daemon}  before_script:\n${login}  script:\n    - |\n      docker build -t $CI_REGISTRY_IMAGE:x .\n      docker push $CI_REGISTRY_IMAGE:x\n`.replaceAll(
      '\n',
      '\r\n',
    );
  for (const option of ['buildkit', 'kaniko', 'buildkit-rootless', 'buildah'] as const) {
    const { after, refused } = change(text, option);
    expect(refused).toBeUndefined();
    const result = after.read('.gitlab-ci.yml') ?? '';
    expect(result).not.toBe(text);
    expect(result.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
  }
});

test('an image that later lines use is brought back, and the login comes before the build', () => {
  const text = `build:
${daemon}  script:
    - docker build -t "$CI_REGISTRY_IMAGE:x" .
    - docker run --rm "$CI_REGISTRY_IMAGE:x" test
${login}    - docker push "$CI_REGISTRY_IMAGE:x"
`;
  const { after, answer } = change(text, 'buildkit');
  const result = after.read('.gitlab-ci.yml') ?? '';
  const at = (piece: string) => result.indexOf(piece);
  expect(at('docker login')).toBeLessThan(at('buildx build'));
  expect(result).toContain('--load .');
  expect(result).not.toContain('--push');
  expect(result).toContain('    - docker push "$CI_REGISTRY_IMAGE:x"\n');
  expect(answer.notes.join('\n')).toMatch(/--load brings the image back/);
  for (const option of ['kaniko', 'buildkit-rootless', 'buildah'] as const)
    expect(change(text, option).answer.refused[0]?.because).toMatch(/daemon/);
});

test('tags that are made apart become tags of the build; a name that is not pushed goes', () => {
  const text = `build:
${daemon}  before_script:
${login}  script:
    - docker build -t app -t $CI_REGISTRY_IMAGE:$CI_COMMIT_SHA . # cached
    - docker tag app $CI_REGISTRY_IMAGE:latest
    - docker push $CI_REGISTRY_IMAGE:$CI_COMMIT_SHA && docker push $CI_REGISTRY_IMAGE:latest
`;
  const added = lines(change(text, 'buildkit').diff).filter((line) => line.startsWith('+'));
  expect(added).toEqual([
    ...builder,
    '+    - | # cached',
    '+      docker buildx build -t $CI_REGISTRY_IMAGE:$CI_COMMIT_SHA \\',
    ...caches('        '),
    '+        --tag $CI_REGISTRY_IMAGE:latest \\',
    '+        --provenance=false --push .',
  ]);
  expect(change(text, 'buildkit-rootless').diff).toContain(
    '--output "type=image,\\"name=$CI_REGISTRY_IMAGE:$CI_COMMIT_SHA,$CI_REGISTRY_IMAGE:latest\\",push=true"',
  );
});

const anchored = `.build: &build
${daemon}  before_script:
${login}  script:
    - docker build -f $FILE -t $CI_REGISTRY_IMAGE/$NAME:$CI_COMMIT_SHA .
    - docker push $CI_REGISTRY_IMAGE/$NAME:$CI_COMMIT_SHA
a:
  <<: *build
  variables: { NAME: a, FILE: A }
b:
  <<: *build
  variables: { NAME: b, FILE: B }
`;

test('what two image jobs share is edited where it is written, with a cache for each job', () => {
  const { diff, answer } = change(anchored, 'kaniko');
  expect(answer.changed).toEqual(['a', 'b']);
  expect(diff).toContain('--cache-repo="$CI_REGISTRY_IMAGE/cache/$CI_JOB_NAME_SLUG"');
  expect(lines(diff).filter((line) => line.includes('/kaniko/executor \\'))).toHaveLength(1);
});

test('one of two jobs that share a script gets a script of its own, the other stays', () => {
  const { after, before, answer } = change(anchored, 'buildkit', { selected: ['a'] });
  expect(answer.changed).toEqual(['a']);
  const [from, result] = [before, after].map((files) => files.read('.gitlab-ci.yml') ?? '');
  expect(result?.slice(0, result.indexOf('\na:'))).toBe(from?.slice(0, from.indexOf('\na:')));
  expect(result?.slice(result.indexOf('\nb:'))).toBe(from?.slice(from.indexOf('\nb:')));
  expect(result).toContain('  <<: *build\n');
});

test('what a template of an included file shares with a job that builds nothing is left to it', () => {
  const texts = {
    '.gitlab-ci.yml': `include:
  - local: /ci/docker.yml
build:
  extends: .docker
  script:
    - docker build -t $CI_REGISTRY_IMAGE:x .
    - docker push $CI_REGISTRY_IMAGE:x
latest:
  extends: .docker
  stage: deploy
  script:
    - docker pull $CI_REGISTRY_IMAGE:x
`,
    'ci/docker.yml': `.docker:\n${daemon}  before_script:\n    - until docker info; do sleep 1; done\n${login}`,
  };
  const { diff, after } = change(texts, 'buildkit-rootless');
  expect(after.read('ci/docker.yml')).toBe(texts['ci/docker.yml']);
  expect(lines(diff).slice(0, 9)).toEqual([
    '+  image:',
    '+    name: moby/buildkit:v0.23.2-rootless',
    '+    entrypoint: [""]',
    '+  services: []',
    '+  variables:',
    '+    BUILDKITD_FLAGS: --oci-worker-no-process-sandbox',
    '+  before_script:',
    '+    - mkdir -p ~/.docker',
    `+    - printf '{"auths":{"%s":{"auth":"%s"}}}' "$CI_REGISTRY" "$(printf '%s:%s' "$CI_REGISTRY_USER" "$CI_REGISTRY_PASSWORD" | base64 | tr -d '\\n')" > ~/.docker/config.json`,
  ]);
});

const kaniko = `build:
  image:
    name: gcr.io/kaniko-project/executor:debug
    entrypoint: [""]
  script:
    - mkdir -p /kaniko/.docker
    - echo "$AUTH" > /kaniko/.docker/config.json
    - /kaniko/executor --context $CI_PROJECT_DIR --dockerfile $CI_PROJECT_DIR/Dockerfile --destination $CI_REGISTRY_IMAGE:x
`;

test('Kaniko of today gets a cache and a version, or becomes BuildKit', () => {
  expect(lines(change(kaniko, 'kaniko').diff)).toEqual([
    '-    name: gcr.io/kaniko-project/executor:debug',
    '+    name: gcr.io/kaniko-project/executor:v1.23.2-debug',
    '-    - /kaniko/executor --context $CI_PROJECT_DIR --dockerfile $CI_PROJECT_DIR/Dockerfile --destination $CI_REGISTRY_IMAGE:x',
    '+    - |',
    '+      /kaniko/executor --context $CI_PROJECT_DIR --dockerfile $CI_PROJECT_DIR/Dockerfile --destination $CI_REGISTRY_IMAGE:x \\',
    '+        --cache=true \\',
    '+        --cache-repo="$CI_REGISTRY_IMAGE/cache" \\',
    '+        --cache-ttl=168h',
  ]);
  const { after } = change(kaniko, 'buildkit-rootless');
  expect(after.read('.gitlab-ci.yml')).toContain('echo "$AUTH" > ~/.docker/config.json');
  expect(after.read('.gitlab-ci.yml')).toContain('--local dockerfile="$CI_PROJECT_DIR"');
  expect(change(kaniko, 'buildkit').answer.refused[0]?.because).toContain('no Docker daemon');
});

test('a default branch whose name is no tag is read by its slug; a repository can be given', () => {
  const text = `build:\n${daemon}  script:\n${login}    - docker build -t $CI_REGISTRY_IMAGE:x .\n`;
  const { diff } = change(text, 'buildkit', {
    defaultBranch: 'Release/Main',
    repository: 'r.example/layers',
  });
  expect(diff).toContain('--cache-from "type=registry,ref=r.example/layers:release-main-true"');
});

test('images of one job, and different images, never share a cache', () => {
  const text = `a:\n${daemon}  script:\n${login}    - docker build -t $CI_REGISTRY_IMAGE/a:x a\n    - docker build -t $CI_REGISTRY_IMAGE/b:x b\nc:\n${daemon}  script:\n${login}    - docker build -t $CI_REGISTRY_IMAGE/c:x c\n`;
  const found = change(text, 'buildkit').diff.match(/--cache-to "type=registry,ref=[^:]*/g) ?? [];
  expect(found.map((one) => one.slice(30))).toEqual([
    '$CI_REGISTRY_IMAGE/cache/a-1',
    '$CI_REGISTRY_IMAGE/cache/a-2',
    '$CI_REGISTRY_IMAGE/cache/c',
  ]);
});

test('an existing builder is pinned and not made again; no login is added where credentials are by hand', () => {
  const text = `build:\n${daemon}  script:\n    - cp "$AUTH" ~/.docker/config.json\n    - docker buildx create --use\n    - docker buildx build --push -t $CI_REGISTRY_IMAGE:x .\n`;
  const found = lines(change(text, 'buildkit').diff);
  expect(found.slice(0, 2)).toEqual([
    '-    - docker buildx create --use',
    '-    - docker buildx build --push -t $CI_REGISTRY_IMAGE:x .',
  ]);
  expect(found[2]).toBe('+    - docker buildx create --use --driver-opt image=moby/buildkit:v0.23.2');
  expect(found.join('\n')).not.toMatch(/login|context create|provenance/);
});

test.each([
  ['for a in x y; do docker build -t $CI_REGISTRY_IMAGE:$a .; done', /in a loop/],
  ['docker buildx bake --push', /file of its own/],
  ['docker compose build && docker compose push', /file of its own/],
  ['./ci/image.sh', /ci\/image\.sh builds the image/],
  ['docker build -t "a .', /cannot be read/],
])('%s is refused, with lines to write by hand', (line, because) => {
  const text = `build:\n${daemon}  script:\n${login}    - |\n      ${line}\n`;
  const { answer, diff } = change({ '.gitlab-ci.yml': text, 'ci/image.sh': 'docker build .' }, 'buildkit');
  expect(diff).toBe('');
  expect(answer.refused).toMatchObject([{ job: 'build', because: expect.stringMatching(because) }]);
  expect(answer.refused[0]?.paste.join('\n')).toMatch(/cache[-_]to[=: ]/);
  expect(answer.refused[0]?.at?.line).toBeGreaterThan(5);
});

test.each([
  ['docker build $EXTRA_ARGS -t $CI_REGISTRY_IMAGE:x .', /what \$EXTRA_ARGS stands for/],
  ['docker build --network host -t $CI_REGISTRY_IMAGE:x .', /no other word for --network/],
  ['docker build -t $CI_REGISTRY_IMAGE:x - < Dockerfile', /no folder of the project/],
  ['make image && docker build -t $CI_REGISTRY_IMAGE:x .', /needs a program/],
])('%s stays with Docker', (line, because) => {
  const text = `build:\n${daemon}  script:\n${login}    - ${line}\n`;
  expect(change(text, 'buildkit').answer.changed).toEqual(['build']);
  for (const option of ['kaniko', 'buildkit-rootless', 'buildah'] as const)
    expect(change(text, option).answer.refused[0]?.because).toMatch(because);
});

test('a daemon that outlives the job keeps one builder', () => {
  const text = `build:\n  image: docker:27\n  script:\n${login}    - docker build -t $CI_REGISTRY_IMAGE:x .\n`;
  expect(lines(change(text, 'buildkit').diff)[1]).toBe(
    '+    - docker buildx create --name layers --use --driver docker-container --driver-opt image=moby/buildkit:v0.23.2 || docker buildx use layers',
  );
});

test('an inline cache is none, a weak one is said to be so and stays', () => {
  const jobOf = (to: string) => {
    const text = `build:\n${daemon}  script:\n${login}    - docker buildx build --cache-from type=registry,ref=r/c:x --cache-to ${to} .\n`;
    const files = filesOf({ '.gitlab-ci.yml': text });
    const [job] = imageJobs(setOf(files).configuration, files);
    return job ? { isCached: isCached(job), weak: weaknesses(job).length } : undefined;
  };
  expect(jobOf('type=inline')).toEqual({ isCached: false, weak: 0 });
  expect(jobOf('type=registry,ref=r/c:x')).toEqual({ isCached: true, weak: 3 });
  expect(jobOf('type=registry,ref=r/c:$CI_COMMIT_REF_SLUG,mode=max,ignore-error=true')).toEqual({
    isCached: true,
    weak: 0,
  });
});

test('nothing is to be done without an image job', () => {
  expect(change('test:\n  script: make\n', 'buildkit').answer).toMatchObject({
    edits: [],
    changed: [],
    refused: [],
  });
});

test.each([
  ['buildah', '  image: registry.example/ci/buildah:1.33\n', 'buildah build -t $CI_REGISTRY_IMAGE:x .', []],
  [
    'buildah',
    '  image:\n    name: quay.io/buildah/stable\n    pull_policy: always # of ours\n',
    'buildah build -t $CI_REGISTRY_IMAGE:x .',
    ['-    name: quay.io/buildah/stable', '+    name: quay.io/buildah/stable:v1.39.3'],
  ],
  ['kaniko', '  image: registry.example/kaniko:debug\n', '/kaniko/executor -d $CI_REGISTRY_IMAGE:x', []],
  [
    'buildkit-rootless',
    '  image: moby/buildkit\n',
    'buildctl build --frontend dockerfile.v0 --local context=. --local dockerfile=. --output type=image,name=$CI_REGISTRY_IMAGE:x,push=true',
    [],
  ],
] as const)('a job of %s keeps the builder that it has: %j', (option, image, line, pinned) => {
  const { diff, answer } = change(`build:\n${image}  script:\n    - ${line}\n`, option);
  expect(answer.changed).toEqual(['build']);
  expect(lines(diff).filter((one) => !/--|^\+ {4}- \||^\+ {6}/.test(one))).toEqual([
    ...pinned,
    ...(line.includes('--') ? [] : [`-    - ${line}`]),
  ]);
  expect(answer.notes.some((note) => note.includes('1.29 or newer'))).toBe(option === 'buildah');
});

test.each([
  ['FROM a\nARG VERSION\nLABEL version=$VERSION\n', /LABEL uses the build argument VERSION/, 3],
  [
    'FROM a\nARG A=1 \\\n  # of old\n  B="x y"\nRUN echo $A\nENV X=1 \\\n  Y=${B:-2}\n',
    /ENV uses the build argument B/,
    6,
  ],
  ['ARG TO=/opt\nFROM a:$TO\nARG TO\nCOPY --chown=1 src $TO/\n', /COPY uses/, 4],
  ['FROM a\nARG SRC=x\nCOPY $SRC /opt\nRUN make $SRC\nCMD echo $SRC\n', undefined, 0],
  ['FROM a\nARG TARGETARCH V\nENV ARCH=$TARGETARCH PRICE=\\$V HOME=$HOME\n', undefined, 0],
] as const)('Buildah keeps no layers that would hold an older argument: %j', (file, because, line) => {
  const text = `build:\n${daemon}  script:\n${login}    - docker build -f ./ContainerFile -t $CI_REGISTRY_IMAGE:x . && docker push $CI_REGISTRY_IMAGE:x\n`;
  const { answer } = change({ '.gitlab-ci.yml': text, ContainerFile: file }, 'buildah');
  expect(answer.refused).toEqual(
    because === undefined
      ? []
      : [
          {
            job: 'build',
            because: expect.stringMatching(because),
            at: { file: 'ContainerFile', line, column: 1 },
            paste: [],
          },
        ],
  );
});

test('Buildah is not for arguments of a build file that cannot be read', () => {
  const jobOf = (more: string) =>
    `build:\n${daemon}  script:\n${login}    - docker build ${more} -t $CI_REGISTRY_IMAGE:x app && docker push $CI_REGISTRY_IMAGE:x\n`;
  const because = (more: string) => change(jobOf(more), 'buildah').answer.refused[0]?.because;
  expect(because('--build-arg A=1')).toMatch(/^app\/Dockerfile cannot be read here/);
  expect(because('--build-arg BUILDKIT_INLINE_CACHE=1')).toBeUndefined();
  expect(because('')).toBeUndefined();
});
