import type { Rule } from './rule.ts';

export const unusedFile: Rule = {
  id: 'unused-ci-file',
  severity: 'warning',
  summary: 'A YAML file under `.gitlab/ci` that nothing includes or names.',
  why: 'Its jobs exist in no pipeline, though it looks as if they did.',
  fix: { text: 'Include it, or remove it.' },
  *check({ configuration, files }) {
    const used = new Set(configuration.files);
    const texts = configuration.files.map((path) => files.read(path) ?? '');
    for (const path of files.list()) {
      if (!/^\.gitlab(?:\/ci|-ci)\/.*\.ya?ml$/.test(path) || used.has(path)) continue;
      const name = path.slice(path.lastIndexOf('/') + 1);
      if (texts.some((text) => text.includes(name))) continue;
      const at = { file: path, line: 1, column: 1, start: 0, end: 0 };
      yield {
        at,
        title: `nothing includes ${path}`,
        saw: `${used.size} files make up the configuration, and none names it`,
      };
    }
  },
};
