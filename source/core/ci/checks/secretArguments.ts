import type { Rule } from './rule.ts';
import { isSecret } from './secrets.ts';
import { allLines } from './shared.ts';

const variable = String.raw`\$\{?([A-Z][A-Z0-9_]*)\}?`;
const quoted = `["']?`;

export const secretInArguments: Rule = {
  id: 'secret-in-arguments',
  severity: 'warning',
  summary: 'A password given to a `login` as an argument.',
  why: 'Every process of the machine can read it, and an error message may print it.',
  fix: { text: 'Give it on standard input: echo "$TOKEN" | docker login --password-stdin.' },
  *check(input) {
    for (const { job, expanded, at } of allLines(input)) {
      const [found] =
        /(?:docker|podman|buildah|skopeo|nerdctl|oras|crane(?:\s+auth)?|cosign|regctl(?:\s+registry)?|helm(?:\s+registry)?)\s+login\b[^|\n;]*\s(?:-p\s*|--pass(?:word)?[ =])["']?\$\{?\w+/.exec(
          expanded,
        ) ?? [];
      if (found !== undefined) yield { at, title: `${job.name} gives a password as an argument`, saw: found };
    }
  },
};

/** Commands that take a secret as an argument; `docker login -p` has a rule of its own. */
const arguments_ = [
  new RegExp(
    String.raw`\b(?:curl|wget|http|https|xh)\b[^|]*(?:-H|--header)[= ]?["'][\w-]+:\s*(?:[A-Za-z]+ )?${variable}`,
  ),
  new RegExp(String.raw`\bcurl\b[^|]*\s(?:-u|--user)[= ]?["']?[^\s"']*:${variable}`),
  new RegExp(
    String.raw`\bcurl\b[^|]*\s(?:-d|--data(?:-\w+)?|-F|--form)[= ]?${quoted}[\w-]*(?:token|password|secret|key)[\w-]*=${variable}`,
    'i',
  ),
  new RegExp(
    String.raw`(?:^|\s)--(?:[\w-]+-)?(?:password|passwd|passphrase|token|api-?key|secret|auth-token)[= ]${quoted}${variable}`,
  ),
  new RegExp(
    String.raw`\bsecurity\s+(?:import|unlock-keychain|create-keychain|set-key-partition-list)\b[^|]*\s-[pPk]\s+${quoted}${variable}`,
  ),
  new RegExp(String.raw`\battic\s+login\b[^|]*\s${quoted}${variable}${quoted}\s*$`),
  new RegExp(
    String.raw`\b(?:https?|ftp|ssh|postgres(?:ql)?|mysql|amqps?|rediss?|mongodb(?:\+srv)?)://[^\s"'/@]*:?${variable}@`,
  ),
  new RegExp(String.raw`\b(?:mysql|mysqldump|mysqladmin|mariadb(?:-dump)?)\b[^|]*\s-p${quoted}${variable}`),
  new RegExp(
    String.raw`\b(?:sshpass|twine\s+upload|az\s+login|rclone\s+obscure|7z\s+\w+|zip|unzip)\b[^|]*\s-[pP]\s*${quoted}${variable}`,
  ),
  new RegExp(
    String.raw`\b(?:cargo|vault|npm|yarn|pulumi|fly|heroku|snyk\s+auth|doppler)\s+(?:login|auth)\s+${quoted}${variable}`,
  ),
  new RegExp(String.raw`\bsnyk\s+auth\s+${quoted}${variable}`),
  new RegExp(String.raw`\b_(?:authToken|auth|password)[= ]${quoted}${variable}`),
  new RegExp(String.raw`\baws\s+configure\s+set\s+\S*secret\S*\s+${quoted}${variable}`),
  new RegExp(String.raw`-pass(?:in|out)?\s+${quoted}pass:${variable}`),
  new RegExp(String.raw`--from-literal[= ]${quoted}[\w.-]+=${variable}`),
  new RegExp(String.raw`\s--set(?:-string)?[= ]${quoted}[\w.-]+=${variable}`),
];

export const secretInProcessList: Rule = {
  id: 'secret-in-process-list',
  severity: 'info',
  summary:
    'A secret that is part of a command line: a header of curl, `--password "$X"`, `-p"$X"`, an address with a password.',
  why: 'While the command runs, every process of the machine can read it; on a runner of one’s own that may be other jobs.',
  fix: {
    text: 'Use a file, standard input or the tool’s own variable where it has one (curl --header @FILE, --netrc, MYSQL_PWD, TWINE_PASSWORD).',
  },
  *check(input) {
    for (const { job, expanded, text, at } of allLines(input)) {
      if (
        /\blogin\b[^|]*\s(?:-p|--password)[= ]/.test(expanded) ||
        /^\s*(?:echo|printf)\s[^|;&]*$/.test(expanded)
      )
        continue;
      const name = arguments_
        .map((pattern) => pattern.exec(expanded)?.[1])
        .find((one) => one !== undefined && isSecret(one));
      if (name !== undefined)
        yield { at, title: `${job.name} gives ${name} as an argument`, saw: text.slice(0, 100) };
    }
  },
};

export const secretInImage: Rule = {
  id: 'secret-in-build-arg',
  severity: 'warning',
  summary: 'A secret given to an image’s build with `--build-arg`.',
  why: 'The value stays in the image’s history (docker history), for everybody who can pull it.',
  fix: {
    text: 'Mount it: --secret id=token,env=TOKEN, and RUN --mount=type=secret,id=token … in the Dockerfile.',
  },
  *check(input) {
    for (const { job, expanded, text, at } of allLines(input)) {
      if (!/\b(?:docker|podman|buildah|nerdctl|buildctl\S*|executor|img)\b/.test(expanded)) continue;
      const given = [
        ...expanded.matchAll(
          /--(?:build-arg|opt)[= ]["']?(?:build-arg:)?([A-Za-z_]\w*)(?:=["']?(\$\{?[A-Z]\w*))?/g,
        ),
      ];
      const name = given
        .map(([, key = '', value]) => (value === undefined ? key : value.replace(/^\$\{?/, '')))
        .find(isSecret);
      if (name !== undefined)
        yield { at, title: `${job.name} builds ${name} into the image`, saw: text.slice(0, 100) };
    }
  },
};
