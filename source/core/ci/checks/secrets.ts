import { secretName } from '../../variables/required.ts';
import type { Rule } from './rule.ts';
import { allLines, codeLines } from './shared.ts';

const variable = String.raw`\$\{?([A-Z][A-Z0-9_]*)\}?`;

/** Names of addresses, files and settings of a secret, which are no secret. */
const harmless =
  /(?:_URL|_FILE|_PATH|_DIR|_NAME|_ID|_USER|_USERNAME|_ENDPOINT|_HOST|_TTL|_TYPE|_SCOPE|_EXPIRY)$/;

function isSecret(name: string): boolean {
  return secretName.test(name) && !harmless.test(name);
}

export const secretEchoed: Rule = {
  id: 'secret-echoed',
  severity: 'warning',
  summary: 'A secret printed into the job’s log, by `echo`, or by `set -x` where a secret is used.',
  why: 'GitLab hides it only when the variable is masked, and never a part or an encoding of it.',
  fix: {
    text: 'Print whether it is set ([ -n "$TOKEN" ] && echo set), and switch tracing off around secrets (set +x).',
  },
  *check(input) {
    for (const { job, text, node } of allLines(input)) {
      const [printed] = /(?:^|[;&]\s*|\bthen\s+)(?:echo|printf)\s[^|<>;&)]*$/.exec(text) ?? [];
      const spoken = printed?.replace(/'[^']*'/g, '') ?? '';
      const name = [...spoken.matchAll(/(?<!\\)\$(?:([A-Z][A-Z0-9_]*)|\{([A-Z][A-Z0-9_]*)\})/g)]
        .map(([, bare, braced]) => bare ?? braced ?? '')
        .find(isSecret);
      if (name !== undefined && !/[`(]|>/.test(spoken))
        yield { at: node.span, title: `${job.name.slice(0, 80)} prints ${name}`, saw: text.slice(0, 100) };
    }
    for (const job of input.configuration.jobs.values()) {
      const lines = codeLines(job);
      const from = lines.findIndex(({ text }) => /^set\s+-[a-z]*x|^set\s+-o\s+xtrace/.test(text));
      const traced = lines[from];
      if (!traced) continue;
      const off = lines.findIndex(({ text }, index) => index > from && /^set\s+\+[a-z]*x/.test(text));
      const shown = lines
        .slice(from, off < 0 ? lines.length : off)
        .flatMap(({ text }) => [...text.matchAll(new RegExp(variable, 'g'))].map(([, name = '']) => name));
      const name = shown.find(isSecret);
      if (name !== undefined)
        yield {
          at: traced.node.span,
          title: `${job.name} traces commands that hold ${name}`,
          saw: traced.text,
        };
    }
  },
};

/** Commands that take a secret as an argument; `docker login -p` has a rule of its own. */
const arguments_ = [
  new RegExp(String.raw`\b(?:curl|wget)\b[^|]*(?:-H|--header)[= ]?["'][\w-]+:\s*(?:[A-Za-z]+ )?${variable}`),
  new RegExp(String.raw`\bcurl\b[^|]*\s(?:-u|--user)[= ]["']?[^\s"']*:${variable}`),
  new RegExp(String.raw`(?:^|\s)--(?:password|token|api-key|secret)[= ]["']?${variable}`),
  new RegExp(String.raw`\bsecurity\s+import\b[^|]*\s-[pP]\s+["']?${variable}`),
  new RegExp(String.raw`\battic\s+login\b[^|]*\s["']?${variable}["']?\s*$`),
  new RegExp(String.raw`https?://[^\s"'/]*:${variable}@`),
];

export const secretInProcessList: Rule = {
  id: 'secret-in-process-list',
  severity: 'info',
  summary:
    'A secret that is part of a command line: a header of curl, `--password "$X"`, an address with a password.',
  why: 'While the command runs, every process of the machine can read it; on a runner of one’s own that may be other jobs.',
  fix: {
    text: 'Use a file, standard input or the tool’s own variable where it has one (curl --header @FILE, --netrc).',
  },
  *check(input) {
    for (const { job, text, node } of allLines(input)) {
      if (/\blogin\b[^|]*\s(?:-p|--password)[= ]/.test(text)) continue;
      const name = arguments_
        .map((pattern) => pattern.exec(text)?.[1])
        .find((one) => one !== undefined && isSecret(one));
      if (name !== undefined)
        yield { at: node.span, title: `${job.name} gives ${name} as an argument`, saw: text.slice(0, 100) };
    }
  },
};
