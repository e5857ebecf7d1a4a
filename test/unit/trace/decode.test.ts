import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeLine, longestLine } from '../../../source/core/trace/decode.ts';
import { applySgr, noStyle } from '../../../source/core/trace/style.ts';

function decode(text: string | Uint8Array, stamped = false) {
  return decodeLine(typeof text === 'string' ? Buffer.from(text, 'utf8') : text, { stamped });
}

describe('a line of a trace', () => {
  test.each([
    ['a carriage return clears the line', ' 10%\r 50%\r100%', '100%'],
    ['but not at its end', 'windows\r', 'windows'],
    ['nor in several at its end', 'windows\r\r', 'windows'],
    ['a shorter text leaves nothing of the longer', 'long text\rshort', 'short'],
    ['backspace takes a character', 'abd\bc', 'abc'],
    ['a whole one', 'ab😀\bc', 'abc'],
    ['and nothing at the start', '\b\b\ba', 'a'],
    ['an erased line is gone', 'secret\u001B[2Kpublic', 'public'],
    ['erasing what is behind the cursor erases nothing', 'kept\u001B[0K\u001B[K', 'kept'],
    ['tabs go to the next eighth column', 'a\tb\t\u001B[1mc', 'a       b       c'],
    ['the cursor does not move', 'a\u001B[5Ab\u001B[10;10Hc\u001B[2Jd', 'abcd'],
    ['titles and clipboards are not written', 'a\u001B]0;title\u0007b\u001B]52;c;aGk=\u001B\\c', 'abc'],
    ['nor by the 8-bit forms', 'a\u009D0;title\u009Cb\u009B2Jc', 'abc'],
    ['an unfinished sequence is dropped', 'a\u001B[3', 'a'],
    ['hyperlinks lose their target', '\u001B]8;;https://evil.example\u001B\\text\u001B]8;;\u001B\\', 'text'],
    ['bidirectional and zero-width characters go', 'a\u202Eb\u200Bc\uFEFFd\u2066e', 'abcde'],
    ['emoji lose what joins them', '👩‍💻 ⚠️ 👍🏽', '👩💻 ⚠ 👍'],
    ['NUL and bell go', 'a\0b\u0007c', 'abc'],
  ])('%s', (_, text, shown) => {
    expect(decode(text).text).toBe(shown);
  });

  test('bytes that are no UTF-8 become replacement characters', () => {
    expect(decode(Uint8Array.of(0x61, 0xff, 0xfe, 0xc3, 0x62)).text).toBe('a\uFFFD\uFFFD\uFFFDb');
  });

  test('styles are kept as segments, only those that are allowed', () => {
    const { segments, style } = decode(
      'a\u001B[1;31mb\u001B[7;8;5mc\u001B[22md\u001B[38;5;208me\u001B[48;2;1;2;255mf\u001B[0mg\u001B[4m',
    );
    expect(segments).toEqual([
      { text: 'a', style: {} },
      { text: 'bc', style: { bold: true, color: 1 } },
      { text: 'd', style: { color: 1 } },
      { text: 'e', style: { color: 208 } },
      { text: 'f', style: { color: 208, background: '#0102ff' } },
      { text: 'g', style: {} },
    ]);
    expect(style).toEqual({ underline: true });
  });

  test('section markers are read and not shown', () => {
    const line = decode(
      '\u001B[0Ksection_end:17:a\r\u001B[0K\u001B[0Ksection_start:18:b[collapsed=true,hide_duration=true]\r\u001B[0KHead',
    );
    expect(line.text).toBe('Head');
    expect(line.markers).toMatchObject([
      { kind: 'end', name: 'a', at: 17 },
      { kind: 'start', name: 'b', at: 18, collapsed: true, hideDuration: true },
    ]);
  });

  test('what only looks like a marker is text', () => {
    expect(decode('see section_start:now:x and section_end').text).toBe(
      'see section_start:now:x and section_end',
    );
  });

  test('stamps are taken off, also within a joined line', () => {
    const line = decode(
      '2026-01-01T01:00:01.020010Z 01O half a \n2026-01-01T01:00:01.120010Z 01O+line',
      true,
    );
    expect(line.text).toBe('half a line');
    expect(line.stamp).toEqual({ time: '2026-01-01T01:00:01.020010Z', stream: 'stdout', continues: false });
  });

  test('a line of a megabyte is cut to what could be seen, and says so', () => {
    const line = decode('x'.repeat(1_000_000));
    expect(line.text).toHaveLength(longestLine);
    expect(line.cut).toBe(1_000_000 - longestLine);
    const progress = decode(`2026-01-01T01:00:01.020010Z 01O ${'50%\r'.repeat(300_000)}done\r\r`, true);
    expect(progress).toMatchObject({ text: 'done', cut: 0, stamp: { stream: 'stdout' } });
  });
});

test('no bytes make it throw, and none come out that steer a terminal', () => {
  const pieces = fc.constantFrom(
    '\u001B[',
    '\u001B]',
    '\u001B[1;31m',
    '\r',
    '\n',
    '\b',
    '\t',
    'section_start:1:a\r',
    '\u009B',
    'é',
    '\u202E',
  );
  const bytes = fc
    .array(
      fc.oneof(
        pieces.map((text) => Buffer.from(text)),
        fc.uint8Array({ maxLength: 20 }),
      ),
      { maxLength: 30 },
    )
    .map((parts) => Buffer.concat(parts));
  fc.assert(
    fc.property(bytes, fc.boolean(), (given, stamped) => {
      const line = decodeLine(given, { stamped });
      expect(line.text).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u);
      expect(line.segments.every(({ text }) => text !== '')).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});

test('no parameters make SGR give a style that is not allowed', () => {
  const allowed = new Set(['color', 'background', 'bold', 'dim', 'italic', 'underline', 'strike']);
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'0123456789;:?>m') }), (parameters) => {
      const style = applySgr(noStyle, parameters);
      for (const [name, value] of Object.entries(style)) {
        expect(allowed.has(name)).toBe(true);
        expect(
          value === true ||
            /^#[0-9a-f]{6}$/.test(String(value)) ||
            (Number(value) >= 0 && Number(value) < 256),
        ).toBe(true);
      }
    }),
    { numRuns: 1_000 },
  );
});
