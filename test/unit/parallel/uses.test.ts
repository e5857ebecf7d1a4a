import { describe, expect, test } from 'vitest';
import { createUses } from '../../../source/core/parallel/uses.ts';
import { ask } from '../ci/ask.ts';

/** What `b` uses of `a`, in short: `artifact dist`, `?artifact dist` where it cannot be told. */
function uses(text: string, files: Record<string, string> = {}): string[] {
  const set = ask(text, { files });
  expect(set.errors.map(({ message }) => message)).toEqual([]);
  const all: Record<string, string> = { ...files, '.gitlab-ci.yml': text };
  const found = createUses(set.configuration, {
    read: (path) => all[path],
    list: () => Object.keys(all),
  }).of('b', 'a');
  return found.map(({ kind, what, isSure }) => `${isSure ? '' : '?'}${kind} ${what}`);
}

const two = (a: string, b: string, more = ''): string =>
  `stages: [build, test, deploy]\n${more}a:\n  stage: build\n${indent(a)}\nb:\n  stage: test\n${indent(b)}\n`;

function indent(text: string): string {
  return text
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n');
}

const makesDist = 'script: make\nartifacts: {paths: [dist/app/]}';

describe('artifacts', () => {
  test.each([
    ['a file below the path', 'script: cp dist/app/run /tmp/run'],
    ['the folder above', 'script: tar -czf /tmp/all.tgz ./dist'],
    ['through a variable of the configuration', 'variables: {OUT: dist/app}\nscript: ls "$OUT/run"'],
    ['through a variable that the script sets', 'script: ["OUT=dist/app", "cat $OUT/run"]'],
    ['from the project’s folder', 'script: cat $CI_PROJECT_DIR/dist/app/run'],
    ['by a pattern', 'script: sha256sum dist/*/run'],
    ['by a path that ends in a variable only the shell knows', 'script: cat dist/$(uname)/run dist/$ARCH'],
    ['in a variable that a tool reads', 'variables: {APP_BINARY: ./dist/app/run}\nscript: ./tool'],
    ['in a heredoc', 'script:\n  - |\n    cat > x <<EOF\n    path: dist/app/run\n    EOF'],
    ['in a mount', 'script: docker run -v "$PWD/dist/app:/app" alpine ls'],
    ['as what it uploads again', 'script: echo\nartifacts: {paths: [dist/app/run]}'],
    ['after the script', 'script: echo\nafter_script: ["ls dist/app"]'],
  ])('%s', (_, b) => {
    expect(uses(two(makesDist, b))).toContain('artifact dist/app');
  });

  test('in a file of the checkout that the script runs or hands to a tool, and names the line', () => {
    const files = { 'app.spec': 'x = 1\ndatas=[(f"dist/app/{platform}", "t")]\n' };
    expect(uses(two(makesDist, 'script: pyinstaller app.spec'), files)).toEqual(['artifact dist/app']);
    const nested = { 'ci/run.sh': 'sh ci/more.sh', 'ci/more.sh': 'cp dist/app/run x' };
    expect(uses(two(makesDist, 'script: sh ci/run.sh'), nested)).toEqual(['artifact dist/app']);
  });

  test('may be used by a tool that looks around, and is not by commands that name what they read', () => {
    expect(uses(two(makesDist, 'script: pytest'))).toEqual(['?artifact dist/app']);
    expect(uses(two(makesDist, 'script: make all'))).toEqual(['?artifact dist/app']);
    expect(uses(two(makesDist, 'script: cp -r . /tmp/all'))).toEqual(['?artifact dist/app']);
    expect(uses(two(makesDist, 'script: ["cd dist", "cat app/run"]'))).not.toEqual([]);
    const plain =
      'script:\n  - until docker info >/dev/null 2>&1; do sleep 1; done\n  - curl --fail https://x/y | tar -x';
    expect(uses(two(makesDist, plain))).toEqual([]);
  });

  test('are none where the job downloads none of them', () => {
    expect(uses(two(makesDist, 'script: pytest\ndependencies: []'))).toEqual([]);
    expect(uses(two(makesDist, 'script: pytest\nneeds: []'))).toEqual([]);
    expect(uses(two(makesDist, 'script: pytest\nneeds: [{job: a, artifacts: false}]'))).toEqual([]);
    expect(uses(two('script: make', 'script: pytest'))).toEqual([]);
  });

  test('that are reports are for people, unless somebody names them', () => {
    const report = 'script: make\nartifacts: {paths: [report.xml], reports: {junit: report.xml}}';
    expect(uses(two(report, 'script: pytest'))).toEqual([]);
    expect(uses(two(report, 'script: grep fail report.xml'))).toEqual(['artifact report.xml']);
    expect(uses(two('script: make\nartifacts: {reports: {junit: r.xml}}', 'script: pytest'))).toEqual([]);
  });

  test('of a matrix, of patterns and of everything untracked are known by their beginning', () => {
    const matrix = 'parallel: {matrix: [{P: [x, y]}]}\nscript: make\nartifacts: {paths: ["out/$P"]}';
    expect(uses(two(matrix, 'script: cat out/x/run'))).toEqual(['artifact out']);
    expect(uses(two('script: make\nartifacts: {paths: ["*.deb"]}', 'script: curl https://x'))).toEqual([
      '?artifact any file',
    ]);
    expect(uses(two('script: make\nartifacts: {untracked: true}', 'script: ls'))).toEqual([
      '?artifact any file',
    ]);
  });

  test('hold the configuration of a child pipeline', () => {
    const child = 'trigger:\n  include:\n    - artifact: gen.yml\n      job: a';
    expect(uses(two('script: make\nartifacts: {paths: [gen.yml]}', child))).toContain('artifact gen.yml');
  });
});

describe('variables of a dotenv report', () => {
  const writes = 'script: echo "VERSION=1" >> build.env\nartifacts: {reports: {dotenv: build.env}}';
  test('are used where they are named, in scripts and in settings', () => {
    expect(uses(two(writes, 'script: echo $VERSION'))).toEqual(['dotenv $VERSION']);
    expect(uses(two(writes, 'script: echo\nimage: alpine:$VERSION'))).toEqual(['dotenv $VERSION']);
  });
  test('may be used by anything else, for every program sees them', () => {
    expect(uses(two(writes, 'script: make'))).toEqual(['?dotenv $VERSION']);
    const hidden = 'script: ./gen > build.env\nartifacts: {reports: {dotenv: build.env}}';
    expect(uses(two(hidden, 'script: echo'))).toContain('?dotenv variables of its report');
    expect(uses(two(writes, 'script: make\nneeds: [{job: a, artifacts: false}]'))).toEqual([]);
  });
});

describe('images', () => {
  const variables = 'variables:\n  IMG: $CI_REGISTRY_IMAGE\n  TAG: $CI_COMMIT_SHORT_SHA\n';
  const pushes = 'script: ["docker build -t $IMG:$TAG .", "docker push $IMG:$TAG"]';
  test.each([
    ['as its own image', 'image: "$IMG:$TAG"\nscript: pytest'],
    ['as a service', 'services: ["${IMG}:${TAG}"]\nscript: pytest'],
    ['pulled', 'script: docker pull "$IMG:$TAG"'],
    ['scanned', 'script: trivy image $IMG:$TAG'],
    ['copied', 'script: skopeo copy docker://$IMG:$TAG docker://other/x:1'],
    ['through a variable of the script', 'script: ["I=$IMG:$TAG", "docker run $I ls"]'],
  ])('%s', (_, b) => {
    expect(uses(two(pushes, b, variables)).filter((use) => use.includes('image'))).toContain(
      'image $CI_REGISTRY_IMAGE:$CI_COMMIT_SHORT_SHA',
    );
  });

  test('as the base of what is built, and by its name on one machine alone', () => {
    const files = { Dockerfile: 'FROM example.com/base:7\nRUN true\n' };
    const base = 'script: docker build -t example.com/base:7 base/ && docker push example.com/base:7';
    expect(uses(two(base, 'script: docker build .'), files)).toContain('image example.com/base:7');
    const local = 'script: docker build -t app:dev .';
    expect(uses(two(local, 'script: docker run app:dev test'))).toContain('image app:dev');
  });

  test('with other tags are others; with unknown ones they may be the same', () => {
    expect(uses(two(pushes, 'image: "$IMG:stable"\nscript: pytest', variables))).toEqual([]);
    expect(uses(two(pushes, 'image: "$IMG:$OTHER"\nscript: pytest', variables))).toEqual([
      '?image $CI_REGISTRY_IMAGE:$CI_COMMIT_SHORT_SHA',
    ]);
    expect(uses(two(pushes, 'image: $SOMETHING\nscript: pytest', variables))).toEqual([
      '?image $CI_REGISTRY_IMAGE:$CI_COMMIT_SHORT_SHA',
    ]);
    expect(uses(two(pushes, 'script: echo $SOMETHING', variables))).toEqual([]);
  });
});

describe('what happens elsewhere', () => {
  test.each([
    'kubectl apply -f x.yml',
    'curl -X POST https://x',
    'curl -T x https://y',
    'ssh me@host restart',
  ])('after %s others may rely on it', (line) => {
    expect(uses(two(`script: ${line}`, 'script: curl https://app/health'))).toEqual([`?effect ${line}`]);
  });

  test('a script that is not in the checkout may do anything, one that is there is read', () => {
    expect(uses(two('script: ./ci/run.sh', 'script: echo'))).toEqual([
      '?effect ci/run.sh, which is not in the checkout',
    ]);
    expect(uses(two('script: ./ci/run.sh', 'script: echo'), { 'ci/run.sh': 'echo' })).toEqual([]);
    expect(uses(two('script: sh ci/run.sh', 'script: echo'), { 'ci/run.sh': 'npm publish' })).toEqual([
      '?effect npm publish',
    ]);
  });

  test('one resource group, one environment', () => {
    const group = 'script: echo\nresource_group: db';
    expect(uses(two(group, group))).toContain('effect resource_group db');
    const environment = 'script: echo\nenvironment: staging';
    expect(uses(two(environment, environment))).toContain('effect environment staging');
  });

  test('what publishes waits for results, whatever it downloads', () => {
    for (const b of [
      'script: npm publish',
      'script: echo\nrelease: {tag_name: v1, description: x}',
      'script: echo\nenvironment: production',
      'script: docker push example.com/app:latest',
      'trigger: {include: child.yml}',
    ])
      expect(uses(two('script: pytest', b), { 'child.yml': 'x:\n  script: echo' }).join()).toContain('gate');
    expect(uses(two('script: pytest', 'script: docker push example.com/app:$CI_COMMIT_SHA'))).toEqual([]);
  });

  test('a cache that the other one fills', () => {
    const cache = (policy: string) => `script: make\ncache: {key: deps, paths: [x], policy: ${policy}}`;
    expect(uses(two(cache('push'), cache('pull')))).toEqual(['cache deps']);
    expect(uses(two(cache('pull'), cache('pull')))).toEqual([]);
    expect(uses(two(cache('pull-push'), cache('pull-push')))).toEqual(['?cache deps']);
    const fresh = 'script: make\ncache: {key: "$CI_PIPELINE_ID", paths: [x]}';
    expect(uses(two(fresh, fresh))).toEqual(['cache $CI_PIPELINE_ID']);
    const own = 'script: make\ncache: {key: "$CI_JOB_NAME", paths: [x]}';
    expect(uses(two(own, own))).toEqual([]);
  });
});
