import { needsOf } from '../schema/job.ts';
import { get, textOf } from '../yaml/node.ts';
import type { Rule } from './rule.ts';
import { codeLines, publishes } from './shared.ts';

/** The failure goes nowhere: `|| true`, `|| exit 0`, `|| echo …`, `; true`. */
const thrown = /(?:\|\|\s*(?:true|:|exit\s+0|echo\b[^;&|]*)\s*(?:$|;|\))|;\s*(?:true|exit\s+0)\s*$)/;

const claims =
  /\b(?:codesign\s+(?!--display|-d)|productsign|notarytool\s+submit|stapler\s+staple|cosign\s+sign|rpmsign|pytest|tox\b|phpunit|rspec\b|(?:npm|yarn|pnpm|bun)\s+(?:run\s+)?test|mix\s+test|dotnet\s+test|mvnw?\b.*\s(?:test|verify)|gradlew?\b.*\s(?:test|check)|cosign\s+verify|gpg\s+--verify|sha256sum\s+(?:-c|--check)|pip-audit|osv-scanner|semgrep\s|snyk\s+test|cargo\s+test|go\s+test|bazel\s+test|ctest|trivy\s|grype\s|bandit\s|gitleaks\s)/;

export const failureIgnored: Rule = {
  id: 'failure-ignored',
  severity: 'warning',
  summary: 'A test, scan or signature whose failure the script throws away (`|| true`, `set +e`).',
  why: 'The job is green whatever came out, and all behind it takes the step for done.',
  fix: { text: 'Let it fail; where a failure is acceptable say so with allow_failure, which is seen.' },
  *check({ configuration }) {
    for (const job of configuration.jobs.values()) {
      const lines = codeLines(job);
      let ignoring = false;
      for (const { text, at } of lines) {
        if (/^set\s+\+e\b/.test(text))
          ignoring = !lines.some((line) => /\$\?|\bset\s+-e\b|PIPESTATUS/.test(line.text));
        if (!claims.test(text) || !(thrown.test(text) || ignoring)) continue;
        yield {
          at,
          title: `${job.name} is green also when this fails`,
          saw: text.slice(0, 120),
        };
        break;
      }
    }
  },
};

/** `[ -n "$X" ] || exit 0`, `[ -z "$X" ] && exit 0`, with words between. */
const shortSkip =
  /^(?:\[\[?|test)\s+(?:-n\s+["']?\$\{?([A-Z]\w*)[^|&]*\|\||-z\s+["']?\$\{?([A-Z]\w*)[^|&]*&&)\s*(?:\{\s*)?(?:echo\b[^;&|]*(?:;|&&)\s*)?exit(?:\s+0)?\s*(?:;\s*\})?$/;

export const silentSkip: Rule = {
  id: 'skip-looks-done',
  severity: 'warning',
  summary: 'A job that signs, notarizes, tests or scans, and ends with success when a variable is not set.',
  why: 'Where the variable is missing, or protected and the ref is not, the job is green without having done anything.',
  fix: { text: 'End with a failure, or leave the job out with rules when the variable is not there.' },
  *check({ configuration }) {
    for (const job of configuration.jobs.values()) {
      if (!/(?:^|[\W_])(?:sign|notari[sz]e|test|scan|verify)/i.test(job.name)) continue;
      const lines = codeLines(job);
      for (const [index, { text, at }] of lines.entries()) {
        const [, set, unset] = shortSkip.exec(text) ?? [];
        const short = set ?? unset;
        if (short !== undefined)
          yield { at, title: `${job.name} is green without ${short}`, saw: text.slice(0, 100) };
        const [, variable] = /^if\s+(?:\[\[?|test)\s+-z\s+["']?\$\{?([A-Z]\w*)/.exec(text) ?? [];
        if (variable === undefined) continue;
        const end = lines.findIndex((line, other) => other >= index && /\b(?:fi|else)\b/.test(line.text));
        const block = lines.slice(index, end < 0 ? index + 1 : end + 1).map((line) => line.text);
        if (!block.some((line) => /(?:^|;\s*|\bthen\s+)exit(?:\s+0)?\s*(?:;|$)/.test(line))) continue;
        yield { at, title: `${job.name} is green without ${variable}`, saw: `${text} … exit 0` };
      }
    }
  },
};

export const gateMayFail: Rule = {
  id: 'gate-may-fail',
  severity: 'warning',
  summary: 'A signature, test or scan with `allow_failure: true` that a publishing job names in its needs.',
  why: 'The publishing job looks as if it waited for the result, and goes on when the result is bad.',
  fix: { text: 'Take allow_failure away, or take the job out of the needs.' },
  *check({ configuration }) {
    for (const job of configuration.jobs.values()) {
      if (!publishes(job)) continue;
      for (const need of needsOf(job.keywords)) {
        const name = textOf(need) ?? textOf(get(need, 'job')) ?? '';
        const needed = configuration.jobs.get(name);
        const allowed = get(needed?.keywords, 'allow_failure');
        if (!needed || allowed?.kind !== 'scalar' || allowed.value !== true) continue;
        if (textOf(get(needed.keywords, 'when')) === 'manual') continue;
        if (!/(?:^|[\W_])(?:sign|notari[sz]e|tests?|scan|verify|security)(?:$|[\W_])/i.test(name)) continue;
        yield {
          at: allowed.span,
          title: `${job.name} goes on when ${name} fails`,
          saw: `allow_failure: true, and ${job.name} needs ${name}`,
        };
      }
    }
  },
};
