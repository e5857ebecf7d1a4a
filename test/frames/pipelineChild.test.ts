import { afterEach, beforeEach, expect, test } from 'vitest';
import { Secret } from '../../source/core/secret.ts';
import { createMonitor } from '../../source/monitor/monitor.ts';
import { openCheckout } from '../../source/services/git/checkout.ts';
import { connectGitLab } from '../../source/services/gitlab/connect.ts';
import { children, parent, partsOf, pushed, until } from '../sandbox/gitlab/bridgeWorld.ts';
import { type Client, openGitLab } from '../sandbox/gitlab/server.ts';
import { openRepository } from '../services/git/repository.ts';
import { httpWorld } from '../services/http/world.ts';
import { noon, rich } from './snapshots.ts';
import { type Shown, show } from './terminal.ts';
import { fakeWorkspace } from './world.ts';

let gitlab: Client;
beforeEach(async () => {
  gitlab = await openGitLab();
});
afterEach(() => gitlab.server.stop());

/** The pipeline screen over the sandbox's GitLab, watched for real; a checkout with the same configuration beside it. */
async function watch(pipeline: number, columns = 160): Promise<Shown> {
  const { root, commit } = openRepository({ '.gitlab-ci.yml': parent, ...children });
  commit();
  const { transport, redact, hide } = httpWorld();
  const service = connectGitLab({
    server: gitlab.server.url,
    projectPath: 'tinyland/ai/huskycat',
    token: new Secret(gitlab.server.tokens.api),
    transport,
    redact,
    hide,
    now: Date.now,
  });
  const workspace = {
    ...fakeWorkspace({ now: () => noon }),
    gitlab: { service },
    openCheckout: () => openCheckout(root),
  };
  const monitor = createMonitor({ workspace });
  const shown = await show(rich(), { columns, rows: 45, monitor, workspace });
  monitor.lookAt(pipeline);
  await shown.type('5');
  await shown.type('+');
  await shown.until(`#${pipeline}`);
  return shown;
}

async function ended(pipeline: number, bridge: string): Promise<number> {
  await until(gitlab, async () => String((await partsOf(gitlab, pipeline))[bridge]?.status) === 'success');
  return Number((await partsOf(gitlab, pipeline))[bridge]?.downstream_pipeline?.id);
}

test('a bridge shows its pipeline, the critical path goes through it, and O and < go there and back', async () => {
  const id = await pushed(gitlab, 'children', parent, children);
  const child = await ended(id, 'checks');
  const shown = await watch(id);
  await shown.until('→ checks');
  await shown.type('/checks');
  await shown.type('\r');
  await shown.until(`started       #${child} success on children`);
  await shown.until(`in its pipeline #${child}`);
  await shown.until(/critical path .*unit → system/);
  expect(shown.frame()).toContain('on the critical path');
  expect(shown.frame()).toContain('O Child pipeline');
  await shown.type('O');
  await shown.until(`#${child} children of #${id}`);
  await shown.until('system');
  await shown.until('< Parent pipeline');
  await shown.type('<');
  await shown.until(new RegExp(`Pipeline #${id} children \\S 3/4`));
});

test('the detail of a job of a child says what its own configuration defines', async () => {
  const id = await pushed(gitlab, 'children', parent, children);
  const child = await ended(id, 'checks');
  const shown = await watch(child);
  await shown.type('/system');
  await shown.type('\r');
  await shown.type('\r');
  await shown.until(/as the checkout defines it|as its commit/);
  expect(shown.frame()).toContain(
    '✔ if: $CI_PIPELINE_SOURCE == "parent_pipeline" && $LEVEL == "deep" → on_success',
  );
});

test('from the detail of a bridge, too, and on a screen of 80 columns', async () => {
  const id = await pushed(gitlab, 'children', parent, children);
  const child = await ended(id, 'docs');
  const shown = await watch(id, 80);
  await shown.type('/docs');
  await shown.type('\r');
  await shown.type('\r');
  await shown.until(`in its pipeline #${child}`);
  await shown.until('pages');
  await shown.type('O');
  await shown.until(`#${child} children of #${id}`);
});

test('a bridge that started nothing says so', async () => {
  const id = await pushed(
    gitlab,
    'broken',
    'make: {script: [make]}\nelse: {stage: test, needs: [], trigger: tinyland/elsewhere}\n',
  );
  await until(gitlab, async () => String((await partsOf(gitlab, id)).else?.status) === 'failed');
  const shown = await watch(id);
  await shown.type('/else');
  await shown.type('\r');
  await shown.until('no pipeline yet');
  await shown.until(/downstream +│\n.*bridge project not found/);
});
