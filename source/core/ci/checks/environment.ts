import type { Rule } from './rule.ts';
import { commandStart } from './secrets.ts';
import { allLines } from './shared.ts';
import { isWindows } from './shell.ts';

export const environmentPrinted: Rule = {
  id: 'environment-printed',
  severity: 'warning',
  summary: 'A bare `env`, `printenv`, `set` or `export` that prints every variable into the job’s log.',
  why: 'Each variable that is not masked is in the log, which everybody who sees the pipeline reads; so are parts and encodings of masked ones.',
  fix: {
    text: 'Print the few that are wanted by name (printenv CI_COMMIT_REF_NAME), or only their names (env | cut -d= -f1).',
  },
  *check(input) {
    const whole = new RegExp(
      String.raw`${commandStart}(?:(?:/usr)?/bin/)?(?:env|printenv|set|export(?:\s+-p)?|declare\s+-[px]+)\s*(?:2>&1\s*)?(?:\|\s*(?:sort|cat|tee|less|more|column|nl)\b[^|;&>]*)?(?:$|[;)}]|&&|\|\|)`,
    );
    for (const { job, bare, text, at } of allLines(input)) {
      const isPrinted = isWindows(job)
        ? /(?:^|[;|]\s*)(?:Get-ChildItem|gci|dir|ls)\s+(?:-Path\s+)?env:\\?\*?\s*(?:$|\|\s*(?:Sort|Format|Out-Host)|;)/i.test(
            text,
          )
        : whole.test(bare) && !/\$\(\s*(?:env|printenv|set|export)/.test(bare) && !/[^2]>\s*\S/.test(bare);
      if (isPrinted) yield { at, title: `${job.name} prints every variable`, saw: text.slice(0, 100) };
    }
  },
};
