import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FirstError } from '../../../source/core/trace/firstError.ts';
import { foldLines } from '../../../source/core/trace/folding.ts';
import { LogSearch } from '../../../source/core/trace/search.ts';
import { failedJob, lines, logOf, section, stampedJob } from './samples.ts';

describe('a log', () => {
  test('has the lines that GitLab shows', () => {
    expect(lines(logOf(failedJob))).toEqual([
      'Running with gitlab-runner 18.4.0 (139a0ac0)',
      '  on honey 6gaDfNXa, system ID: s_2f1',
      'Preparing the "docker" executor',
      'Using Docker executor',
      'Getting source from Git repository',
      'Fetching changes',
      'Executing "step_script"',
      '$ make all',
      'Downloading 100%',
      'Compile',
      'cc -c a.c',
      'error_count = 0',
      'a.c:3: error: expected ;',
      'make: *** [all] Error 1',
      'ERROR: Job failed: exit code 2',
      '',
    ]);
  });

  test('joins stamped lines, also while they come byte by byte', () => {
    const expected = ['Running with gitlab-runner 18.7.0', 'half a line', ' on standard error'.trim()];
    expect(lines(logOf(stampedJob))).toEqual(expected);
    const slow = logOf(
      stampedJob,
      Array.from({ length: stampedJob.length }, () => 1),
    );
    expect(lines(slow)).toEqual(expected);
    expect(slow.line(2).stamp).toMatchObject({ stream: 'stderr' });
  });

  test('has the same lines however its bytes come', () => {
    const text = fc.array(fc.constantFrom('a', 'bb\n', '\n', 'é', '\u001B[31m', `${'x'.repeat(200)}\n`), {
      maxLength: 300,
    });
    fc.assert(
      fc.property(text, fc.array(fc.integer({ min: 1, max: 90 }), { maxLength: 50 }), (parts, sizes) => {
        const whole = parts.join('');
        const log = logOf(whole, sizes);
        const expected = whole.split('\n');
        if (expected.at(-1) === '') expected.pop();
        expect(log.lineCount).toBe(expected.length);
        for (const [line, content] of expected.entries()) {
          expect(log.bytes(line).toString('utf8')).toBe(content);
          expect(log.lineOf(log.offsetOf(line))).toBe(line);
        }
      }),
    );
  });

  test('carries a colour over lines, from wherever it is looked at', () => {
    const log = logOf(`plain\n\u001B[31mred\n${'still\n'.repeat(20)}\u001B[0;mplain\nplain`);
    expect(log.line(15).segments[0]?.style).toEqual({ color: 1 });
    expect(log.line(23).segments[0]?.style).toEqual({});
  });
});

describe('sections', () => {
  test('have depth, times and lines', () => {
    const log = logOf(failedJob);
    expect(
      log.sections.map(({ name, depth, startedAt, endedAt, collapsed }) => [
        name,
        depth,
        endedAt! - startedAt,
        collapsed,
      ]),
    ).toEqual([
      ['prepare_executor', 0, 12, false],
      ['get_sources', 0, 3, false],
      ['step_script', 0, 15, false],
      ['inner', 1, 4, true],
    ]);
  });

  test('fold under their header, and the ends show what stands behind them', () => {
    const log = logOf(failedJob);
    const shown = (folding: ReturnType<typeof foldLines>): string[] =>
      Array.from({ length: folding.rows }, (_, row) => log.text(folding.lineAt(row)));
    const first = foldLines(log, new Map());
    expect(shown(first)).toContain('Compile');
    expect(shown(first)).not.toContain('cc -c a.c');
    const step = log.sections[2]!;
    const folded = foldLines(log, new Map([[step, true]]));
    expect(shown(folded).slice(4)).toEqual([
      'Getting source from Git repository',
      'Fetching changes',
      'Executing "step_script"',
      'ERROR: Job failed: exit code 2',
      '',
    ]);
    expect(folded.headOf(6)).toBe(step);
    for (let row = 0; row < folded.rows; row += 1) expect(folded.rowOf(folded.lineAt(row))).toBe(row);
    expect(folded.rowOf(10)).toBe(6);
  });

  test('that never end stay open, ends without a start are nothing', () => {
    const log = logOf('section_end:1:ghost\r\u001B[0K\nsection_start:2:open\r\u001B[0KHead\nbody\n');
    expect(log.sections).toMatchObject([{ name: 'open', startedAt: 2 }]);
    expect(log.sections[0]!.to).toBeUndefined();
    expect(foldLines(log, new Map([[log.sections[0]!, true]])).rows).toBe(2);
  });

  test('are found the same however the bytes come', () => {
    const whole = logOf(failedJob).sections;
    const pieces = logOf(
      failedJob,
      Array.from({ length: 200 }, (_, index) => 1 + (index % 13)),
    );
    expect(pieces.sections).toEqual(whole);
  });

  test('by the hundred thousand do not exhaust anything', () => {
    const log = logOf('section_start:1:a\r\u001B[0Kx\n'.repeat(100_000));
    expect(log.sections.length).toBe(20_000);
    expect(log.lineCount).toBe(100_000);
  });
});

describe('search', () => {
  function search(text: string, query: string, step = 1 << 20): LogSearch {
    const found = new LogSearch(logOf(text), query);
    while (!found.isDone) found.advance(step);
    return found;
  }

  test('counts lines, in either case unless a capital is asked for', () => {
    expect(search('Error\nerror error\nnone\nERROR', 'error').lines).toEqual([0, 1, 3]);
    expect(search('Error\nerror error\nnone\nERROR', 'Error').lines).toEqual([0]);
    expect(search('grün\nGRÜN', 'grün').lines).toEqual([0]);
    expect(search('anything', '').lines).toEqual([]);
  });

  test('finds what is seen, not escapes, stamps or overwritten text', () => {
    const text = '\u001B[31mred\u001B[0m\n31 apples\nwrong\rright\n';
    expect(search(text, '31').lines).toEqual([1]);
    expect(search(text, 'wrong').lines).toEqual([]);
    expect(search(stampedJob, '2026').lines).toEqual([]);
    expect(search(stampedJob, 'a line').lines).toEqual([]);
  });

  test('finds what stands across the parts in which it looks', () => {
    const text = `${'x'.repeat(1_048_570)}needle in hay\n${'y\n'.repeat(10)}needle`;
    expect(search(text, 'needle', 1).lines).toEqual([0, 11]);
  });

  test('agrees with looking at every line', () => {
    const words = fc.array(fc.constantFrom('ab', 'AB', 'b', 'a', '\n', '\u001B[1m', '\r', 'é'), {
      maxLength: 120,
    });
    fc.assert(
      fc.property(words, fc.constantFrom('ab', 'AB', 'ba', 'é', 'b'), (parts, query) => {
        const log = logOf(parts.join(''));
        const found = new LogSearch(log, query);
        while (!found.isDone) found.advance(100);
        const seen = lines(log).flatMap((text, line) => (found.within(text).length > 0 ? [line] : []));
        // What a colour change splits is not found: those lines may be missing, none may be too many.
        for (const line of found.lines) expect(seen).toContain(line);
        if (!parts.includes('\u001B[1m') && !parts.includes('\r')) expect(found.lines).toEqual(seen);
      }),
    );
  });

  test('goes on when more comes', () => {
    const log = logOf('');
    const found = new LogSearch(log, 'end');
    log.append(Buffer.from('start\nen'));
    found.advance(100);
    expect(found.lines).toEqual([]);
    log.append(Buffer.from('d\nend of it\n'));
    found.advance(100);
    expect(found.lines).toEqual([1, 2]);
  });
});

describe('the first error', () => {
  function first(text: string): number | undefined {
    const finder = new FirstError(logOf(text));
    while (!finder.isDone) finder.advance(1 << 20);
    return finder.best;
  }

  test('is where it is told of, not the count of errors and not the verdict', () => {
    const log = logOf(failedJob);
    expect(log.text(first(failedJob)!)).toBe('a.c:3: error: expected ;');
  });

  test('is what the script stopped at when only the runner tells of one', () => {
    const text = [
      section('step_script', 'Executing', '$ security import\nMAC verification was wrong\n', [1, 2]),
      section('after_script', 'Running after_script', '$ rm file\n', [2, 3]),
      'ERROR: Job failed: exit status 1\n',
    ].join('');
    expect(logOf(text).text(first(text)!)).toBe('MAC verification was wrong');
  });

  test.each([
    ['rust', 'warning: unused\nerror[E0308]: mismatched types', 1],
    ['python', 'ok\nTraceback (most recent call last):\n  File', 1],
    ['a shell', 'ok\nbash: line 1: cmake: command not found', 1],
    ['npm', 'npm warn old\nnpm error code ERESOLVE', 1],
    ['git', 'ok\nfatal: not a git repository', 1],
    ['a test run', '0 failed, 3 passed\nFAIL src/a.test.ts > works', 1],
    ['a colour', 'ok\n\u001B[31merror:\u001B[0m broken', 1],
    ['only the runner', 'ok\nERROR: Job failed: exit code 1', 1],
  ])('of %s', (_, text, line) => {
    expect(first(text)).toBe(line);
  });

  test('is none in a log without one', () => {
    expect(first('0 errors\nno error here\ntests failed: 0\nterror: mild')).toBeUndefined();
  });
});
