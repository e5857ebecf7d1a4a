import { expect, test } from 'vitest';
import { actions } from '../../views/actions.ts';
import { findings, rich } from './snapshots.ts';
import { show } from './terminal.ts';
import { fakeWorkspace } from './world.ts';

const down = '\u001B[B';
const esc = '\u001B';

test('keys that arrive in one chunk act one after the other', async () => {
  const { type, frame } = await show(rich());
  await type('jjj');
  expect(frame()).toContain('▶  4  ◉');
  await type(`${down}${down}k`);
  expect(frame()).toContain('▶  5  ◐');
  await type('G');
  expect(frame()).toContain('▶ 13  ✔');
  await type('g');
  expect(frame()).toContain('▶  1  ○');
});

test('panes are reached by number and Tab, and zoomed', async () => {
  const { type, frame, monitor } = await show(rich());
  await type('3');
  expect(frame()).toContain('APPLE_CERTIFICATE_BASE64');
  expect(monitor.interest()).toContain('protections');
  await type('\t');
  expect(frame()).toContain('Developer ID Installer');
  await type('\u001B[Z');
  expect(frame()).toContain('APPLE_CERTIFICATE_BASE64');
  await type('+');
  expect(frame()).not.toContain(' 1 Plan ');
  await type('q');
  expect(frame()).toContain(' 1 Plan ');
});

test('a filter typed with its slash in one chunk narrows with a live count, and never triggers keys', async () => {
  const { type, frame, rows } = await show(rich());
  await type('/cache');
  expect(frame()).toContain('/cache  3 of 13');
  await type('q:?');
  expect(frame()).toContain('/cacheq:?  0 of 13');
  expect(frame()).toContain('no row matches the filter');
  await type('\u007F\u007F\u007F\r');
  expect(frame()).toContain('/cache 3 of 13');
  await type('n');
  expect(frame()).toContain('▶  3  ○');
  await type('N');
  expect(frame()).toContain('▶  2  ◐');
  await type(esc);
  expect(rows().at(-2)).toContain('evidence · 2/13');
});

test('Enter opens the detail with what was looked at, what was seen and when; Esc goes back', async () => {
  const { type, frame } = await show(rich());
  await type('2\r');
  expect(frame()).toContain('StoreDir /nix/store, priority 41');
  expect(frame()).toContain('GET https://nix-cache.fuzzy-dev.tinyland.dev/main/nix-cache-info');
  expect(frame()).toContain('12m ago');
  expect(frame()).toContain('flake.nix:14 has key main:AAAA…');
  await expect(`${frame()}\n`).toMatchFileSnapshot('frames/detail-80x24.txt');
  await type(esc);
  expect(frame()).toContain('bazel-remote');
});

test('help lists every action; one that cannot run says why', async () => {
  const { type, frame } = await show(rich(), { columns: 120, rows: 100 });
  await type('?');
  expect(frame()).toContain('Next match');
  expect(frame()).toContain('there is no filter: press / first');
  await expect(`${frame()}\n`).toMatchFileSnapshot('frames/help.txt');
  await type('q');
  expect(frame()).toContain('2 Caches');
});

test('the palette finds an action by letters of its name, runs it, and refuses with the reason', async () => {
  const { type, frame, monitor } = await show(rich());
  await type(':');
  await expect(`${frame()}\n`).toMatchFileSnapshot('frames/palette-80x24.txt');
  await type('refall\r');
  expect(monitor.refreshed).toEqual(['all']);
  await type(':fix\r');
  expect(frame()).toContain('Fix: only in Findings');
});

test('r asks the sources of the pane, R all', async () => {
  const { type, monitor } = await show(rich());
  await type('2r');
  await type('R');
  expect(monitor.refreshed).toEqual([['checkout', 'attic', 'bazelRemote'], 'all']);
});

test('findings are listed worst first, open, and their fix is copied through the terminal', async () => {
  const { type, frame, written } = await show(rich(), { columns: 120, rows: 36 });
  await type('!');
  await expect(`${frame()}\n`).toMatchFileSnapshot('frames/findings-120x36.txt');
  await type('G\r');
  expect(frame()).toContain('Each build starts from nothing.');
  await type('y');
  const [, copied = ''] = /\u001B\]52;c;([A-Za-z0-9+/=]*)\u0007/.exec(written()) ?? [];
  expect(Buffer.from(copied, 'base64').toString()).toBe(
    'command' in findings[2]!.fix ? findings[2]!.fix.command : undefined,
  );
});

test('f on a finding goes to its task', async () => {
  const { type, frame } = await show(rich());
  await type('!f');
  expect(frame()).toContain('8 Trust the Attic cache’s key');
});

test('activity is shown as it runs', async () => {
  const workspace = fakeWorkspace();
  const { type, frame, settle } = await show(rich(), { workspace });
  await type('@');
  expect(frame()).toContain('nothing was asked or written yet');
  const running = workspace.activity.begin('http', 'GET /projects/1');
  await settle();
  expect(frame()).toContain('1 running');
  running.end('200');
  await settle();
  expect(frame()).toContain('✔');
  expect(frame()).toContain('0 running');
});

test('marked rows are copied together', async () => {
  const { type, written, frame } = await show(rich());
  await type('3 j ');
  expect(frame()).toContain('◉2');
  await type('y');
  const [, copied = ''] = /\u001B\]52;c;([A-Za-z0-9+/=]*)\u0007/.exec(written()) ?? [];
  expect(Buffer.from(copied, 'base64').toString()).toBe(
    'APPLE_CERTIFICATE_BASE64\nAPPLE_DEVELOPER_ID_APPLICATION',
  );
});

test('o hands the address to the opener, and says so where there is none', async () => {
  const opened: string[] = [];
  const openUrl = async (url: string) => void opened.push(url);
  const { type, frame } = await show(rich(), { options: { openUrl, env: { TERM: 'xterm-256color' } } });
  await type('2o');
  expect(opened).toEqual(['https://nix-cache.fuzzy-dev.tinyland.dev/main']);
  await type('jjo');
  expect(frame()).toContain('this row has no address');
});

test('an arrow key that a slow link tore apart types nothing', async () => {
  const { type, frame } = await show(rich());
  await type(esc);
  await type('[B');
  expect(frame()).toContain('▶  1  ○');
});

test('q leaves from the dashboard with status 0', async () => {
  const { type, status, terminal } = await show(rich());
  await type('q');
  expect(await status).toBe(0);
  expect(terminal.buffer.active.type).toBe('normal');
});

/** Actions that are one thing in several places, by the key that they share. */
const oneThing: Readonly<Record<string, string>> = {
  r: 'asks again',
  l: 'the log of what is selected',
  e: 'what failed',
  T: 'begins once more',
  x: 'stops what runs',
  right: 'further to the right',
  ']': 'further to the right',
  left: 'back to the left',
  '[': 'back to the left',
};

test('no key means one thing here and another there, or reads here and writes there', () => {
  const keys = [...new Set(actions.flatMap((action) => action.keys))];
  const meanings = keys.map((key) => {
    const own = actions.filter((action) => action.keys.includes(key));
    return { key, ids: own.map(({ id }) => id), writes: new Set(own.map(({ effect }) => effect !== 'read')) };
  });
  expect(meanings.filter(({ key, ids }) => ids.length > 1 && !(key in oneThing))).toEqual([]);
  expect(meanings.filter(({ writes }) => writes.size > 1)).toEqual([]);
});
