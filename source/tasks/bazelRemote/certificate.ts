import type { PlanStep } from '../../core/plan/plan.ts';
import { commandStep } from '../engine/steps.ts';
import type { Deploying } from './deploying.ts';
import { asRoot, writerOf } from './scripts.ts';

/** Where the certificate to trust is in the checkout: Bazel reads paths from the root of the workspace. */
export const certificateFile = 'bazel-remote.pem';

/** Arguments: certificate, key, names, owner. The key is never readable for others, nor half there. */
const make = `umask 022
mkdir -p -- "\${1%/*}" "\${2%/*}" || exit
umask 077
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 825 -subj /CN=bazel-remote -addext "subjectAltName=$3" -addext extendedKeyUsage=serverAuth -keyout "$2.new" -out "$1.new" || exit
chmod 0444 "$1.new" && chmod 0400 "$2.new" && chown -- "$4" "$1.new" "$2.new" && mv -- "$2.new" "$2" && mv -- "$1.new" "$1"`;

const isMade = `if [ -e "$1" ] && [ -e "$2" ]; then echo "$1 and its key are there"; exit 0; fi
if [ -e "$1" ] || [ -e "$2" ]; then echo "only one of $1 and $2 is there"; exit 2; fi
echo "$1 is not there"; exit 1`;

const remove = `rm -f -- "$1" "$2" "$1.new" "$2.new" && { rmdir -- "\${1%/*}" 2>/dev/null || :; }`;

/** The step that makes a certificate for the address of the endpoint. */
export function certificateStep(deploying: Deploying): PlanStep | undefined {
  const { where, address, owner, deployment, endpoint } = deploying;
  const { tls } = deployment;
  if (!tls?.isSelfSigned) return undefined;
  const { certificate, key } = tls;
  const host = hostOf(endpoint);
  const names = [...new Set([host, ...(/^[0:.]+$/.test(deployment.bind) ? [] : [deployment.bind])])];
  const alternatives = names.map((one) => `${isIp(one) ? 'IP' : 'DNS'}:${one}`).join(',');
  const script = (text: string, ...args: string[]): [string, ...string[]] =>
    asRoot(writerOf(deploying, certificate, owner), ['sh', '-c', text, 'sh', certificate, key, ...args]);
  return commandStep({
    id: 'make-certificate',
    title: `Make a certificate for ${names.join(' and ')}`,
    effect: 'remote',
    target: certificate,
    command: {
      where,
      ...(address === undefined ? {} : { address }),
      argv: script(make, alternatives, owner),
      unless: script(isMade),
      undo: [{ argv: script(remove) }],
    },
    undo: { text: `Remove ${certificate} and ${key}.` },
  });
}

/** The host of an endpoint, without brackets. */
export function hostOf(endpoint: string): string {
  return /^grpcs?:\/\/(.*):\d+$/.exec(endpoint)?.[1]?.replace(/^\[|\]$/g, '') ?? '';
}

function isIp(host: string): boolean {
  return host.includes(':') || /^\d+(?:\.\d+){3}$/.test(host);
}
