import { secretVariable } from '../../core/bazelRemote/backends.ts';
import type { PlanStep, SecretWanted } from '../../core/plan/plan.ts';
import { commandStep } from '../engine/steps.ts';
import type { Deploying } from './deploying.ts';
import { asRoot, writerOf } from './scripts.ts';

/** A step that takes a secret, and the secret that it wants. */
export interface SecretStep {
  readonly step: PlanStep;
  readonly secret: SecretWanted;
}

/** The password comes on standard input and leaves only as its hash. Readable for the user that the image runs as. */
const writeLogins = `umask 022
h=$(openssl passwd -apr1 -stdin) && mkdir -p -- "\${2%/*}" && printf '%s:%s\\n' "$1" "$h" > "$2.new" && mv -- "$2.new" "$2"`;

const hasLogin = `[ -f "$2" ] || exit 1
while IFS= read -r l; do case $l in "$1"*) exit 0 ;; esac; done < "$2"
exit 1`;

/**
 * Arguments: variable, file. A file of variables has no quotes and no escapes (docker run --env-file): what would need them is
 * refused, and never shown.
 */
const writeSecret = `umask 022
v=$(cat)
case $v in
'' | *[!A-Za-z0-9+/=_.,:@%^*~-]*) echo "the secret is empty, or holds a letter that a file of variables cannot" >&2; exit 1 ;;
esac
mkdir -p -- "\${2%/*}" || exit
umask 077
printf '%s=%s\\n' "$1" "$v" > "$2.new" && mv -- "$2.new" "$2"`;

const hasSecret = `if [ ! -e "$2" ]; then echo "$2 is not there"; exit 1; fi
while IFS= read -r l; do case $l in "$1="*) echo "$2 is there"; exit 0 ;; esac; done < "$2"
echo "$2 is there and holds other things"; exit 2`;

const remove = `rm -f -- "$1" && { rmdir -- "\${1%/*}" 2>/dev/null || :; }`;

/** Writes the file of logins for a deployment that has one. */
export function loginStep(deploying: Deploying): SecretStep | undefined {
  const { where, address, login, deployment } = deploying;
  const { htpasswd: file } = deployment;
  if (file === undefined) return undefined;
  const name = 'bazel-remote-password';
  const vector = (...argv: [string, ...string[]]) => asRoot(writerOf(deploying, file), argv);
  return {
    secret: { name, title: `password of ${login} for the cache` },
    step: commandStep({
      id: 'write-logins',
      title: `Let ${login} write`,
      effect: 'remote',
      target: file,
      command: {
        where,
        ...(address === undefined ? {} : { address }),
        argv: vector('sh', '-c', writeLogins, 'sh', login, file),
        input: { secret: name },
        unless: vector('sh', '-c', hasLogin, 'sh', `${login}:`, file),
        undo: [{ argv: vector('sh', '-c', remove, 'sh', file) }],
      },
      undo: { text: `Remove ${file}, and its folder when nothing else is in it.` },
    }),
  };
}

/** Writes the secret of the backend’s login, for who starts the container to read: root, or the user who logs in. */
export function backendSecretStep(deploying: Deploying): SecretStep | undefined {
  const { where, address, deployment } = deploying;
  const { secrets: file, backend } = deployment;
  const variable = backend ? secretVariable(backend) : undefined;
  if (file === undefined || variable === undefined) return undefined;
  const name = 'bazel-remote-backend';
  const vector = (...argv: [string, ...string[]]) => asRoot(writerOf(deploying, file), argv);
  return {
    secret: { name, title: `secret of ${backend?.name} (${variable})` },
    step: commandStep({
      id: 'write-secret',
      title: `Keep the secret of ${backend?.name} on the host`,
      effect: 'remote',
      target: file,
      command: {
        where,
        ...(address === undefined ? {} : { address }),
        argv: vector('sh', '-c', writeSecret, 'sh', variable, file),
        input: { secret: name },
        unless: vector('sh', '-c', hasSecret, 'sh', variable, file),
        undo: [{ argv: vector('sh', '-c', remove, 'sh', file) }],
      },
      undo: { text: `Remove ${file}, and its folder when nothing else is in it.` },
    }),
  };
}
