import { lookup } from 'node:dns/promises';
import { checkHost } from '../../core/bazelRemote/checks.ts';
import { parseLabel } from '../../core/bazelRemote/deployment.ts';
import { presenceOf } from '../../core/bazelRemote/presence.ts';
import { isAny, planned } from '../../core/bazelRemote/proposals.ts';
import { NeedsUser } from '../../core/failure.ts';
import type { Where } from '../../core/plan/action.ts';
import { sealPlan } from '../../core/plan/fingerprint.ts';
import type { PlanStep } from '../../core/plan/plan.ts';
import { commandStep, waitStep } from '../engine/steps.ts';
import type { Planned, Planning, Preflight, TaskSetting } from '../task.ts';
import { buildTwiceStep } from './buildTwice.ts';
import { type Choosing, choose, type Deploying } from './choose.ts';
import { bazelrcStep } from './files.ts';
import { pinImage } from './image.ts';
import { inspect, type ReadySettings } from './ready.ts';
import { asRoot } from './scripts.ts';
import { openSite, type Site, surveyTarget } from './site.ts';
import { hostSteps } from './steps.ts';

/** What may be set, with what is proposed for this host. */
export async function bazelRemoteSettings(planning: Planning): Promise<readonly TaskSetting[]> {
  return (await chosen(planning)).choosing.settings;
}

/** Looks at the host and says what would be done; refuses while something is in the way. */
export async function planBazelRemote(planning: Planning): Promise<Planned> {
  const { workspace, choice, signal } = planning;
  const { site, choosing } = await chosen(planning);
  const { deploying, problems } = choosing;
  const { deployment, owner } = deploying;
  const survey = await surveyTarget(site, deployment, true, signal);
  const { container } = survey;
  const running =
    container.state === 'there' ? parseLabel(container.container.label ?? '')?.image : undefined;
  const pinned = await pinImage(
    workspace,
    deployment.image,
    { survey, ...(running === undefined ? {} : { running }) },
    signal,
  );
  const ready: Deploying = { ...deploying, deployment: { ...deployment, image: pinned.image } };
  const target =
    pinned.image === deployment.image ? survey : await surveyTarget(site, ready.deployment, false, signal);
  const { presence, check } = presenceOf(ready.deployment, target);
  const isOurs = presence.kind !== 'absent' && presence.kind !== 'refused';
  const { host, survey: place, isAway } = site;
  const client = await bazelrcStep(planning, ready);
  const preflight: Preflight[] = [
    ...problems,
    ...checkHost({ deployment: ready.deployment, host, place, target, owner, isOurs, isAway }),
    pinned.check,
    check,
    ...(await nameCheck(ready)),
    ...client.checks,
  ];
  const [first] = preflight.filter(({ state }) => state === 'problem');
  if (first) return { refused: `${first.title}: ${first.saw}`, preflight };
  const { before, after } = hostSteps(ready, target, presence);
  const logins =
    before.length > 0 && ready.deployment.htpasswd !== undefined
      ? [loginStep(ready, ready.deployment.htpasswd)]
      : [];
  const steps = [
    ...logins,
    ...before,
    ...(before.length > 0 ? [waiting(ready)] : []),
    ...client.steps,
    ...(ready.isBuiltTwice && client.root !== undefined
      ? [buildTwiceStep(client.root, ready.bazelrc === 'config')]
      : []),
    ...after,
  ];
  return {
    preflight,
    plan: sealPlan({
      at: new Date(workspace.now()).toISOString(),
      task: 'bazel-remote',
      ...(choice.option === undefined ? {} : { option: choice.option }),
      target: choice.target,
      settings: choice.settings,
      secrets:
        logins.length > 0 ? [{ name: secretName, title: `password of ${ready.login} for the cache` }] : [],
      steps,
    }),
  };
}

const secretName = 'bazel-remote-password';

async function chosen({ workspace, choice, signal }: Planning): Promise<{ site: Site; choosing: Choosing }> {
  const wanted = choice.settings.host ?? ('service' in workspace.honey ? 'honey' : 'here');
  if (choice.target === 'merge-request')
    throw new NeedsUser({
      tried: 'plan bazel-remote',
      saw: 'it changes a host and the checkout, and opens no merge request',
      next: ['Plan it with --target worktree, then commit .bazelrc.'],
      code: 'no-such-target',
    });
  const where: Where = wanted === 'here' ? 'here' : 'honey';
  const site = await openSite(workspace, where, signal);
  const engine = choice.settings.engine ?? site.host.engines.find(({ version }) => 'value' in version)?.name;
  const name = choice.settings.name ?? planned.name;
  const there =
    engine === undefined || !/^[\w.-]+$/.test(name) || name.startsWith('-')
      ? undefined
      : await inspect(site.place, engine === 'podman' ? 'podman' : 'docker', name, signal);
  const tools = await workspace.toolchain.look(signal).catch(() => []);
  const version = tools.find((tool) => tool.name === 'bazel')?.version;
  const bazel = version && 'value' in version ? version.value : undefined;
  const choosing = choose(choice.settings, site, {
    ...(there?.label === undefined ? {} : { label: there.label }),
    ...(bazel === undefined ? {} : { bazel }),
  });
  return { site, choosing };
}

/** A name is looked up and never claimed. */
async function nameCheck({ endpoint, deployment }: Deploying): Promise<Preflight[]> {
  const host = /^grpc:\/\/(.*):\d+$/.exec(endpoint)?.[1]?.replace(/^\[|\]$/g, '') ?? '';
  if (!/[a-z]/i.test(host) || host.includes(':')) return [];
  const line = { id: 'dns', title: `name ${host}` };
  const found = await lookup(host, { all: true }).catch(() => []);
  const addresses = found.map(({ address }) => address);
  if (addresses.includes(deployment.bind) || (isAny(deployment.bind) && addresses.length > 0))
    return [{ ...line, state: 'fine', saw: `resolves here to ${addresses.join(', ')}` }];
  return [
    {
      ...line,
      state: 'warning',
      saw:
        addresses.length === 0 ? 'it does not resolve here' : `it resolves here to ${addresses.join(', ')}`,
      fix: `Create the DNS record: ${host} A ${deployment.bind}`,
    },
  ];
}

/** The password comes on standard input and leaves only as its hash. Readable for the user that the image runs as. */
const writeLogins = `umask 022
h=$(openssl passwd -apr1 -stdin) && mkdir -p -- "\${2%/*}" && printf '%s:%s\\n' "$1" "$h" > "$2.new" && mv -- "$2.new" "$2"`;

const hasLogin = `[ -f "$2" ] || exit 1
while IFS= read -r l; do case $l in "$1"*) exit 0 ;; esac; done < "$2"
exit 1`;
const removeLogins = `rm -f -- "$1" && { rmdir -- "\${1%/*}" 2>/dev/null || :; }`;

function loginStep({ where, address, root, login }: Deploying, file: string): PlanStep {
  const vector = (...argv: [string, ...string[]]): [string, ...string[]] => asRoot(root ?? [], argv);
  return commandStep({
    id: 'write-logins',
    title: `Let ${login} write`,
    effect: 'remote',
    target: file,
    command: {
      where,
      ...(address === undefined ? {} : { address }),
      argv: vector('sh', '-c', writeLogins, 'sh', login, file),
      input: { secret: secretName },
      unless: vector('sh', '-c', hasLogin, 'sh', `${login}:`, file),
      undo: [{ argv: vector('sh', '-c', removeLogins, 'sh', file) }],
    },
    undo: { text: `Remove ${file}, and its folder when nothing else is in it.` },
  });
}

/** The step that waits until the cache keeps what it is given. */
export function waiting({ where, address = '', deployment, endpoint }: Deploying): PlanStep {
  const { engine, name, httpPort, grpcPort, htpasswd, bind } = deployment;
  const settings: ReadySettings = {
    where,
    address,
    engine,
    name,
    reach: isAny(bind) ? (/^grpc:\/\/(.*):\d+$/.exec(endpoint)?.[1]?.replace(/^\[|\]$/g, '') ?? bind) : bind,
    'http-port': String(httpPort),
    'grpc-port': String(grpcPort),
    login: htpasswd === undefined ? 'no' : 'yes',
  };
  const step = waitStep({
    id: 'wait-until-ready',
    title: 'Wait until it keeps what it is given',
    target: name,
    probe: 'bazel-remote-ready',
    settings,
    timeout: 120,
  });
  return {
    ...step,
    effect: 'remote',
    preview: {
      text: 'Look, for 120 s at most, until: it runs, is not restarted over 3 s, GET /status and gRPC health answer, and a blob and an action result that are stored over HTTP from this machine come back. The two stay in the cache: they are always the same, and are a few bytes.',
    },
    undo: { text: 'The two entries stay: bazel-remote deletes nothing on request.' },
  };
}
