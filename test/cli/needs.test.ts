import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { showNeeds } from '../../source/cli/needs.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

const configuration = `stages: [build, test]
workflow: {rules: [{when: always}]}
app:
  stage: build
  script: make
  artifacts: {paths: [dist/app]}
style:
  stage: build
  script: ruff check
smoke:
  stage: test
  needs: [app, style]
  script: dist/app --version && cat dist/app
lint:
  stage: test
  script: echo "\u001b[31m"
`;

async function ask(json: boolean, text = configuration) {
  const root = mkdtempSync(join(tmpdir(), 'huskycat-needs-'));
  folders.push(root);
  writeFileSync(join(root, '.gitlab-ci.yml'), text);
  execFileSync('git', ['-C', root, 'init', '-q', '-b', 'main']);
  execFileSync('git', ['-C', root, 'add', '-A']);
  const out: string[] = [];
  const io = { stdout: (line: string) => void out.push(line), stderr: () => undefined };
  const now = '2026-01-01T00:00:00.000Z';
  const status = await showNeeds({ dir: root, variables: [], json, now }, io);
  return { status, out: out.join('') };
}

test('ci needs says what each need is for, and whether it can go', async () => {
  const { status, out } = await ask(true);
  expect(status).toBe(0);
  const answer = JSON.parse(out);
  expect(answer).toMatchObject({
    schema: 'huskycat-tui/ci-needs@1',
    at: '2026-01-01T00:00:00.000Z',
    errors: [],
  });
  expect(answer.needs).toEqual([
    expect.objectContaining({
      job: 'smoke',
      need: 'app',
      canGo: 'no',
      uses: [{ kind: 'artifact', what: 'dist/app', sure: true, file: '.gitlab-ci.yml', line: 13 }],
    }),
    expect.objectContaining({ job: 'smoke', need: 'style', canGo: 'yes', uses: [], line: 12 }),
  ]);
  expect(answer.stageOrder.at(-1)).toMatchObject({
    job: 'lint',
    waitsFor: 2,
    uses: [],
    canStartEarlier: 'yes',
  });
});

test('as text it is a table for people, with nothing in it that steers a terminal', async () => {
  const { out } = await ask(false);
  expect(out).toContain('2 needs, 1 for the order only');
  expect(out).toMatch(/^smoke +app +no +artifact dist\/app, read at \.gitlab-ci\.yml:13$/m);
  expect(out).toMatch(/^smoke +style +yes +order only: nothing of it is used$/m);
  expect(out).toMatch(/^lint +2 +yes +it uses nothing of them$/m);
  expect(out).not.toContain('\u001b');
});

test('where no event has a pipeline it says why', async () => {
  const { status, out } = await ask(false, 'a:\n  needs: [b]\n  script: echo\n');
  expect(status).toBe(1);
  expect(out).toContain('error: a job: undefined need: b');
});
