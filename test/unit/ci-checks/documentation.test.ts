import { expect, test } from 'vitest';
import { rules } from '../../../source/core/ci/checks/index.ts';

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}

test('the table of checks is the rules that run (vitest -u writes it anew)', async () => {
  const rows = rules.map(({ id, severity, summary, why, fix }) => {
    const mend = 'text' in fix ? fix.text : 'command' in fix ? fix.command : `task ${fix.task}`;
    return `| \`${id}\` | ${severity} | ${cell(summary)} | ${cell(why)} | ${cell(mend)} |`;
  });
  const table = [
    '# Checks of the CI configuration',
    '',
    'Generated from the rules of `huskycat-tui ci check`. A comment on the line of a finding, or above it, suppresses one:',
    '`# huskycat: ignore RULE reason`.',
    '',
    '| rule | severity | what it finds | why it matters | what to do |',
    '|---|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
  await expect(table).toMatchFileSnapshot('../../../docs/ci-checks.md');
});
