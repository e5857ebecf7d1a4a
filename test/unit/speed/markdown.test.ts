import { expect, test } from 'vitest';
import { escaped, speedMarkdown } from '../../../source/core/speed/markdown.ts';
import { speedReport } from '../../../source/core/speed/report.ts';
import { markLine, sparkline } from '../../../source/core/speed/sparkline.ts';
import { hour, hourly, input, noon, past } from './world.ts';

test('sparklines go from the least to the most, newest last, also in ASCII', () => {
  expect(sparkline([1, 2, 3, 4, 5, 6, 7, 8], 8, false)).toBe('▁▂▃▄▅▆▇█');
  expect(sparkline([1, 2, 3, 4, 5, 6, 7, 8], 8, true)).toBe('_.-=+*#@');
  expect(sparkline([9, 9, 1, 8], 2, false)).toBe('▁█');
  expect(sparkline([5, 5], 8, false)).toBe('▄▄');
  expect([sparkline([], 8, false), sparkline([1], 0, false)]).toEqual(['', '']);
});

test('marks stand under the first run at or after them', () => {
  const times = [10, 20, 30, 40];
  expect(markLine(times, [{ at: 25, mark: '^' }], 4)).toBe('  ^');
  expect(markLine(times, [{ at: 40, mark: '^' }], 4)).toBe('   ^');
  expect(markLine(times, [{ at: 41, mark: '^' }], 4)).toBe('');
  expect(markLine(times, [{ at: 15, mark: '^' }], 2)).toBe('');
  expect(markLine(times, [{ at: 25, mark: '^' }], 2)).toBe('^');
});

test('no number in the report is without its N and its window', () => {
  const pipelines = hourly('python', [900, 910, 890, 905, 895, 920], noon);
  const text = speedMarkdown(speedReport(input({ pipelines, ref: 'main' })));
  const cells = text.split('\n').find((line) => line.startsWith('| Python change'));
  expect(cells).toContain('15m 03s (14m 56s to 15m 09s, n=6, 2026-11-24), and 4s in the queue');
  expect(cells).toContain('| 15m | 2m to 3m (5x to 7x) | never |');
  expect(text).toContain(
    '| Clean build | 30m | 8m to 10m (3x to 4x) | never | nothing |  | not yet: no run of it |',
  );
  expect(text).toContain(
    'Measured 2026-11-24 12:00 UTC over 2026-10-25 to 2026-11-24 on `main`: 6 pipelines: 6 python.',
  );
  expect(text).toContain('| bazel-remote | \\~\\$0-20/mo (honey runner storage)');
});

test('what people wrote cannot break out of the report', () => {
  expect(escaped('a | b <img src=x> [x](y) `c`\n# d @all !1 &lt;')).toBe(
    'a \\| b &lt;img src=x> \\[x\\](y) \\`c\\` \\# d \\@all \\!1 \\&lt;',
  );
  // A formula, a snippet, a milestone, an epic, an alert.
  expect(escaped('$A-$B $20 %3 &4 ^alert#5')).toBe('\\$A-\\$B \\$20 \\%3 \\&4 \\^alert\\#5');
  const at = new Date(noon - hour).toISOString();
  const title = '| x | <script>\n\n# y';
  const applied = [{ run: 'r', task: 't`|', title, at, commits: [], paths: [] }];
  const text = speedMarkdown(speedReport(input({ applied })));
  expect(text).toContain('task `t  `: \\| x \\| &lt;script> \\# y');
});

test('what is counted in a week, and timed each, is told apart; a download is one however its job is named', () => {
  const names = ['download:tools', 'download_tools', 'Download tools', 'tools-downloads', 'downloader'];
  const jobs = names.map((name) => ({ name, seconds: 60 }));
  const report = speedReport(input({ pipelines: [past({ id: 1, at: noon - hour, jobs })] }));
  expect(report.rows.at(-1)?.runs).toHaveLength(4);
  expect(speedMarkdown(report)).toContain('- Tool downloads, each: `');
});
