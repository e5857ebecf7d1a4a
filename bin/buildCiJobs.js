import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { bundleOptions } from './bundle.js';

/** Builds `ci jobs` as one file, and runs it for the code that V8 compiles. */
export async function buildCiJobs(root, version, output) {
  const { splitting: _, ...options } = bundleOptions(root, version);
  await build({
    ...options,
    entryPoints: ['source/main.ts'],
    outfile: join(output, 'ciJobs.cjs'),
    format: 'cjs',
    banner: { js: '(function (module, require) {' },
    footer: { js: '})' },
    plugins: [ciJobsAlone, re2WhenNeeded, ...options.plugins],
  });
  const folder = mkdtempSync(join(tmpdir(), 'huskycat-build-'));
  try {
    writeCheckout(folder);
    const { status, stderr } = spawnSync(process.execPath, [join(root, 'bin', 'ciJobsCode.js'), folder], {
      env: { ...process.env, NODE_OPTIONS: '' },
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`ci jobs, as it was built, ended with ${status}: ${stderr}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The launcher asks it for nothing that is loaded otherwise. */
const ciJobsAlone = {
  name: 'ci-jobs-alone',
  setup(build) {
    build.onResolve({ filter: /^\./ }, ({ path, kind }) =>
      kind === 'dynamic-import' && !/\/cli\/ci\.ts$|\/ci\/jobSet\.ts$/.test(path)
        ? { path, external: true }
        : undefined,
    );
  },
};

/** RE2 and its tables of Unicode are loaded with the first pattern that only it can be asked about. */
const re2WhenNeeded = {
  name: 're2-when-needed',
  setup(build) {
    build.onLoad({ filter: /core[\\/]ci[\\/]regexp\.ts$/ }, ({ path }) => {
      const text = readFileSync(path, 'utf8');
      const [imported, used] = ["import { RE2JS } from 're2js';", 'RE2JS.compile'];
      if (!text.includes(imported) || !text.includes(used))
        return { errors: [{ text: `re2 is not used in ${path} as it was` }] };
      return {
        contents: text.replace(imported, '').replace(used, `require('re2js').${used}`),
        loader: 'ts',
      };
    });
  },
};

/** A checkout with most of what configurations have. */
function writeCheckout(folder) {
  mkdirSync(join(folder, 'ci'));
  writeFileSync(
    join(folder, '.gitlab-ci.yml'),
    [
      'include:',
      '  - ci/*.yml',
      '  - local: /ci/more.yml',
      '    rules: [{ if: \'$CI_PIPELINE_SOURCE == "push"\' }]',
      'stages: [build, test]',
      'variables: { LEVEL: "1", NAME: { value: x, description: what } }',
      'workflow: { rules: [{ if: $CI_COMMIT_BRANCH }, { when: always }] }',
      'default: { image: alpine, retry: 1 }',
      '.base: &base',
      '  tags: [linux]',
      '  image: { name: "alpine:3.22", entrypoint: [""] }',
      '  cache: { key: { files: [lock] }, paths: [node_modules/] }',
      '  artifacts: { paths: [out/], expire_in: 1 week, reports: { junit: out.xml } }',
      '.script:',
      '  script:',
      '    - |',
      '      make $NAME',
      '',
    ].join('\n'),
  );
  writeFileSync(
    join(folder, 'ci', 'more.yml'),
    [
      'build:',
      '  extends: .base',
      '  stage: build',
      '  script: [make, !reference [.script, script]]',
      '  rules:',
      '    - if: $CI_COMMIT_BRANCH =~ /^(main|feature)/ && $LEVEL != "2"',
      '      changes: [src/**/*]',
      '    - exists: [ci/*.yml]',
      '      when: on_success',
      'test:',
      '  extends: [.base, .script]',
      '  stage: test',
      '  needs: [{ job: build, artifacts: true, optional: true }]',
      '  parallel: { matrix: [{ ARCH: [a, b] }] }',
      '  variables: { DEEP: $NAME }',
      '  environment: { name: review/$CI_COMMIT_REF_SLUG }',
      '  allow_failure: true',
      '  only: [branches, merge_requests]',
      'later:',
      '  stage: test',
      '  # A comment',
      "  script: 'true'",
      '  when: manual',
      '  timeout: 1h 30m',
      '  rules: [{ if: $CI_MERGE_REQUEST_IID, when: never }, { when: manual }]',
      '',
    ].join('\n'),
  );
  for (const argv of [
    ['init', '-q'],
    ['add', '-A'],
  ])
    spawnSync('git', ['-C', folder, ...argv]);
}
