import { checkHost } from '../../core/bazelRemote/checks.ts';
import { authorityOf, parseLabel } from '../../core/bazelRemote/deployment.ts';
import { presenceOf } from '../../core/bazelRemote/presence.ts';
import { isAny, planned } from '../../core/bazelRemote/proposals.ts';
import { checkUnit } from '../../core/bazelRemote/unitChecks.ts';
import { unitPresence } from '../../core/bazelRemote/unitPresence.ts';
import { serviceOf } from '../../core/bazelRemote/units.ts';
import { NeedsUser } from '../../core/failure.ts';
import type { Where } from '../../core/plan/action.ts';
import type { PlanStep } from '../../core/plan/plan.ts';
import { planFor } from '../engine/planFor.ts';
import { waitStep } from '../engine/steps.ts';
import type { Planned, Planning, Preflight, TaskSetting } from '../task.ts';
import { buildTwiceStep } from './buildTwice.ts';
import { certificateStep, hostOf } from './certificate.ts';
import { type Choosing, choose } from './choose.ts';
import type { Deploying } from './deploying.ts';
import { bazelrcStep } from './files.ts';
import { pinImage } from './image.ts';
import { type CheckedPlace, jobCheck } from './jobCheck.ts';
import { nameCheck } from './nameCheck.ts';
import { inspect, type ReadySettings } from './ready.ts';
import { backendSecretStep, loginStep } from './secrets.ts';
import { openSite, type Site, surveyTarget, surveyUnits } from './site.ts';
import { hostSteps } from './steps.ts';
import { unitFile } from './units.ts';

/** What may be set, with what is proposed for this host. */
export async function bazelRemoteSettings(planning: Planning): Promise<readonly TaskSetting[]> {
  return (await chosen(planning)).choosing.settings;
}

/** Looks at the host and says what would be done; refuses while something is in the way. */
export async function planBazelRemote(planning: Planning): Promise<Planned> {
  const { workspace, signal } = planning;
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
  const { presence, check } = presenceOf(ready.deployment, target, ready.isAdopted);
  const units = await surveyUnits(site, ready, signal);
  const { scope, home } = ready;
  const unit = unitPresence(ready.deployment, unitFile(ready).text, {
    survey: units,
    place: { scope, home },
  });
  const isOurs = presence.kind !== 'absent' && presence.kind !== 'refused';
  const { host, survey: place, isAway } = site;
  const client = await bazelrcStep(planning, ready, site);
  const { htpasswd, tls } = ready.deployment;
  const checked = { deployment: ready.deployment, host, place, target, owner, isOurs, isAway };
  const made = [
    ...(htpasswd === undefined ? [] : [htpasswd]),
    ...(tls?.isSelfSigned && units.files.get(tls.certificate)?.state === 'absent'
      ? [tls.certificate, tls.key]
      : []),
  ];
  const preflight: Preflight[] = [
    ...problems,
    ...checkHost(checked),
    ...checkUnit({ ...checked, scope, units, made }),
    pinned.check,
    check,
    ...unit.checks,
    ...(await nameCheck(ready)),
    ...client.checks,
    ...(ready.hasJobCheck ? [await jobCheck(workspace, checkedPlace(ready), signal)] : []),
  ];
  const [first] = preflight.filter(({ state }) => state === 'problem');
  if (first) return { refused: `${first.title}: ${first.saw}`, preflight };
  const { before, after } = hostSteps(ready, target, { container: presence, unit: unit.presence });
  const certificate = certificateStep(ready);
  const secrets =
    before.length === 0
      ? []
      : [loginStep(ready), backendSecretStep(ready)].filter((one) => one !== undefined);
  const steps = [
    ...(before.length > 0 && certificate ? [certificate] : []),
    ...secrets.map(({ step }) => step),
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
    plan: planFor(planning, {
      task: 'bazel-remote',
      secrets: secrets.map(({ secret }) => secret),
      steps,
    }),
  };
}

async function chosen({ workspace, choice, signal }: Planning): Promise<{ site: Site; choosing: Choosing }> {
  const wanted = choice.settings.host ?? ('service' in workspace.honey ? 'honey' : 'here');
  if (choice.target === 'trial')
    throw new NeedsUser({
      tried: 'plan bazel-remote',
      saw: 'it changes a host: that is tried out nowhere else',
      next: ['Plan it with --target worktree, or merge-request for .bazelrc.'],
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

function checkedPlace({ endpoint, client, deployment: { httpPort, htpasswd } }: Deploying): CheckedPlace {
  return { endpoint, client, httpPort, mayWrite: htpasswd === undefined };
}

/** The step that waits until the cache keeps what it is given. */
export function waiting({ where, address = '', deployment, endpoint, scope }: Deploying): PlanStep {
  const { engine, name, httpPort, grpcPort, htpasswd, bind, tls, unit } = deployment;
  const settings: ReadySettings = {
    where,
    address,
    engine,
    name,
    reach: isAny(bind) || tls ? hostOf(endpoint) : bind,
    'http-port': String(httpPort),
    'grpc-port': String(grpcPort),
    login: htpasswd === undefined ? 'no' : 'yes',
    tls: tls ? 'yes' : 'no',
    authority: authorityOf(deployment) ?? '',
    service: unit === 'container' ? '' : serviceOf(deployment),
    scope,
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
