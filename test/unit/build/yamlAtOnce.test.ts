import { build } from 'esbuild';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as yaml from 'yaml';
import { yamlAtOnce } from '../../../bin/yamlAtOnce.js';

const pieces = [
  ...[
    ' ',
    '  ',
    '\n',
    '- ',
    'a: ',
    'b',
    '"',
    "'",
    '[',
    ']',
    '{',
    '}',
    ',',
    '#',
    '&x ',
    '*x',
    '!t ',
    '|\n',
    '>-\n',
  ],
  ...['---\n', '...\n', '%YAML 1.2\n', '? ', ': ', '\t', '\r\n', '<<: ', 'é', '\ufeff', '|2\n', 'key:\n'],
];

test('what the bundle reads of any YAML is what yaml reads: tokens, errors, documents', async () => {
  const bundled = await load();
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 40 }), (parts) => {
      const text = parts.join('');
      expect(readBy(bundled, text)).toEqual(readBy(yaml, text));
    }),
    { numRuns: 2_000 },
  );
}, 60_000);

async function load(): Promise<typeof yaml> {
  const { outputFiles } = await build({
    stdin: {
      contents: "import * as yaml from 'yaml'; export default yaml;",
      resolveDir: import.meta.dirname,
    },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    banner: { js: 'const require = process.getBuiltinModule;' },
    plugins: [yamlAtOnce],
  });
  const [file] = outputFiles;
  if (!file) throw new Error('esbuild wrote nothing');
  expect(file.text).not.toContain('LOG_TOKENS');
  return (await import(`data:text/javascript;base64,${Buffer.from(file.contents).toString('base64')}`))
    .default;
}

function readBy({ parseAllDocuments, Parser }: typeof yaml, text: string): unknown {
  const documents = parseAllDocuments(text, { schema: 'failsafe', prettyErrors: false, uniqueKeys: false });
  const read = Array.isArray(documents) ? documents : [];
  return JSON.parse(
    JSON.stringify([
      [...new Parser().parse(text)],
      read.map(({ errors, warnings, contents, comment, range }) => ({
        errors: errors.map(({ code, message, pos }) => ({ code, message, pos })),
        warnings: warnings.map(({ code, pos }) => ({ code, pos })),
        contents,
        comment,
        range,
      })),
    ]),
  );
}
