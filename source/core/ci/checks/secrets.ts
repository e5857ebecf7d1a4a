import { secretName } from '../../variables/required.ts';
import type { CheckInput, Found, Rule } from './rule.ts';
import { allLines, type CodeLine, codeLines } from './shared.ts';

/** Names of addresses, files and settings of a secret, which are no secret. */
const harmless =
  /(?:_URL|_FILE|_PATH|_DIR|_NAME|_ID|_KEY_ID|_USER|_USERNAME|_ENDPOINT|_HOST|_TTL|_TYPE|_SCOPE|_EXPIRY|_EXPIRES|_VERSION|_LENGTH|_COUNT|_ENABLED|_REALM|_ISSUER|_ARN)$|^(?:NO|USE|HAS|SKIP|ENABLE|DISABLE)_/;

export function isSecret(name: string): boolean {
  return secretName.test(name) && !harmless.test(name);
}

/** Secrets that a piece of a line holds, by name: `$X`, `${X}`, `${X:-…}`; not `${#X}`, `${X:+set}` or `\$X`. */
function secretsIn(text: string): string[] {
  return [...text.matchAll(/(?<![\\$])\$(?:([A-Z][A-Z0-9_]*)|\{([A-Z][A-Z0-9_]*)(?=\}|:?-|[%#/]|:\d))/g)]
    .map(([, bare, braced]) => bare ?? braced ?? '')
    .filter(isSecret);
}

/** Where a command of a line may begin. */
export const commandStart = String.raw`(?:^|[;&|({]\s*|\b(?:then|do|else|time|sudo|!)\s+)`;
const speaks = new RegExp(String.raw`${commandStart}(?:echo|printf|Write-Host|Write-Output)\s`, 'g');

export const secretEchoed: Rule = {
  id: 'secret-echoed',
  severity: 'warning',
  summary: 'A secret printed into the job’s log, by `echo`, or by `set -x` where a secret is used.',
  why: 'GitLab hides it only when the variable is masked, and never a part or an encoding of it.',
  fix: {
    text: 'Print whether it is set ([ -n "$TOKEN" ] && echo set), and switch tracing off around secrets (set +x).',
  },
  *check(input) {
    for (const { job, expanded, bare, text, at } of allLines(input)) {
      // The standard error is in the log as well.
      const shown = bare.replace(/\d?>&\d/g, (found) => ' '.repeat(found.length));
      const [name] = [...shown.matchAll(speaks)].flatMap(({ index, 0: command }) => {
        const from = index + command.length;
        const end = shown.slice(from).search(/[|<>;&)`]/);
        const stop = end < 0 ? expanded.length : from + end;
        // What goes into a pipe, a file or a command's argument is not in the log.
        if (encoded.test(shown.slice(stop))) return secretsIn(expanded.slice(from, stop));
        if (/^(?:\|(?!\|)|>|\)|`)/.test(shown.slice(stop)) || /[<>]/.test(shown.slice(stop))) return [];
        return secretsIn(expanded.slice(from, stop).replace(/\$\((?:[^()]|\([^()]*\))*\)/g, ''));
      });
      if (name !== undefined)
        yield { at, title: `${job.name.slice(0, 80)} prints ${name}`, saw: text.slice(0, 100) };
    }
    yield* spokenDocuments(input);
    for (const { job, expanded, bare, text, at } of allLines(input)) {
      const [name] = /\b(?:ba|z|k)?sh\s+(?:-\w+\s+)*-[a-z]*x\b/.test(bare) ? secretsIn(expanded) : [];
      if (name !== undefined)
        yield { at, title: `${job.name} traces a script that is given ${name}`, saw: text.slice(0, 100) };
    }
    for (const job of input.configuration.jobs.values()) {
      const lines = codeLines(job);
      const from = lines.findIndex(({ bare }) => /^set\s+-[a-z]*x|^set\s+(?:-\w+\s+)*-o\s+xtrace/.test(bare));
      const traced = lines[from];
      if (!traced) continue;
      const off = lines.findIndex(
        ({ bare }, index) => index > from && /(?:^|;\s*)(?:\{\s*)?set\s+\+[a-z]*x|\+o\s+xtrace/.test(bare),
      );
      const [name] = lines
        .slice(from, off < 0 ? lines.length : off)
        .flatMap(({ expanded }) => secretsIn(expanded));
      if (name !== undefined)
        yield { at: traced.at, title: `${job.name} traces commands that hold ${name}`, saw: traced.text };
    }
  },
};

/** At the end of a line, what is printed after all: as it is, or in a form that GitLab does not mask. */
const encoded = /^\|\s*(?:base64|rev|xxd|od|hexdump|cat|tee)(?:\s+-\w+(?:[ =]\d+)?)*\s*$/;

/** `cat <<EOF` with nothing behind it. */
function* spokenDocuments(input: CheckInput): Iterable<Found> {
  let open: CodeLine['node'] | undefined;
  for (const { job, node, expanded, bare, text, at } of allLines(input)) {
    if (open === node && bare.trim() === '') {
      const [name] = secretsIn(expanded);
      if (name !== undefined)
        yield { at, title: `${job.name.slice(0, 80)} prints ${name}`, saw: text.slice(0, 100) };
    } else open = /^cat\s+<<-?\s*["'\\]?\w+["']?\s*$/.test(bare) ? node : undefined;
  }
}
