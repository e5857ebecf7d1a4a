import { label } from '../host/label.ts';
import { containerOptions, type Deployment, labelText, partsOf, type UnitForm } from './deployment.ts';
import { execWord, quadletValue, quadletWord } from './escapes.ts';

/** Whose systemd runs a unit: that of the machine, or that of one user. */
export type UnitScope = 'system' | 'user';

export interface UnitPlace {
  readonly scope: UnitScope;
  /** Of the user, for `user`. */
  readonly home?: string;
}

/** Begins the first line of a unit that was made here; what follows are its settings. */
const mark = '# Made by huskycat-tui: ';

/** The service that runs the container. */
export function serviceOf({ name }: Pick<Deployment, 'name'>): string {
  return `${name}.service`;
}

/** Where the file of a unit is (systemd.unit(5), podman-systemd.unit(5)). */
export function unitPath(
  form: Exclude<UnitForm, 'container'>,
  name: string,
  { scope, home = '' }: UnitPlace,
): string {
  if (form === 'systemd')
    return scope === 'system'
      ? `/etc/systemd/system/${name}.service`
      : `${home}/.config/systemd/user/${name}.service`;
  return scope === 'system'
    ? `/etc/containers/systemd/${name}.container`
    : `${home}/.config/containers/systemd/${name}.container`;
}

/** The whole file; `program` is the engine's path on the host. */
export function unitText(deployment: Deployment, scope: UnitScope, program: string): string {
  const lines =
    deployment.unit === 'quadlet'
      ? quadletLines(deployment, scope)
      : serviceLines(deployment, scope, program);
  return `${mark}${labelText(deployment)}\n${lines.join('\n')}\n`;
}

/** The settings in a unit's first line; undefined for a unit that was not made here. */
export function unitLabel(text: string): string | undefined {
  const [first = ''] = text.split('\n');
  return first.startsWith(mark) ? first.slice(mark.length) : undefined;
}

function unitSection({ engine }: Deployment, scope: UnitScope): string[] {
  const after = [
    ...(scope === 'system' ? ['network-online.target', 'tailscaled.service'] : []),
    ...(scope === 'system' && engine === 'docker' ? ['docker.service'] : []),
  ];
  const wanted = after.filter((one) => one !== 'tailscaled.service');
  return [
    '[Unit]',
    'Description=bazel-remote, a cache for Bazel',
    ...(wanted.length > 0 ? [`Wants=${wanted.join(' ')}`] : []),
    ...(after.length > 0 ? [`After=${after.join(' ')}`] : []),
    'StartLimitIntervalSec=0',
  ];
}

/** Restarts without end: the address of a tailnet may come up late. */
function serviceSection({ restart }: Deployment): string[] {
  const [policy] = restart.split(':');
  const how = policy === 'no' ? 'no' : policy === 'on-failure' ? 'on-failure' : 'always';
  return ['[Service]', `Restart=${how}`, 'RestartSec=5', 'TimeoutStartSec=900'];
}

function installSection(scope: UnitScope): string[] {
  return ['[Install]', `WantedBy=${scope === 'system' ? 'multi-user.target' : 'default.target'}`];
}

function serviceLines(deployment: Deployment, scope: UnitScope, program: string): string[] {
  const { name, image } = deployment;
  const exec = (...argv: string[]): string => argv.map(execWord).join(' ');
  const run = exec(
    program,
    'run',
    '--rm',
    '--name',
    name,
    '--label',
    `${label}=${labelText(deployment)}`,
    ...containerOptions(deployment),
    image,
    ...partsOf(deployment).arguments,
  );
  return [
    ...unitSection(deployment, scope),
    '',
    ...serviceSection(deployment),
    `ExecStartPre=-${exec(program, 'rm', '--force', name)}`,
    `ExecStart=${run}`,
    `ExecStop=${exec(program, 'stop', name)}`,
    '',
    ...installSection(scope),
  ];
}

/**
 * A service of a user waits, by a service that Podman 5.3 brings, until the machine's network-online.target is active; where
 * nothing asks for that target, each start takes 90 s. An address that comes up late is waited for by starting again.
 */
const unwaiting = ['[Quadlet]', 'DefaultDependencies=false'];

function quadletLines(deployment: Deployment, scope: UnitScope): string[] {
  const { name, image, user, memory, cpus, secrets } = deployment;
  const { ports, volumes, environment, arguments: args } = partsOf(deployment);
  const [uid, gid] = user?.split(':') ?? [];
  const limits = [
    ...(memory === undefined ? [] : [`--memory=${memory}`]),
    ...(cpus === undefined ? [] : [`--cpus=${cpus}`]),
  ];
  return [
    ...unitSection(deployment, scope),
    '',
    '[Container]',
    `ContainerName=${name}`,
    `Image=${image}`,
    `Label=${quadletWord(`${label}=${labelText(deployment)}`)}`,
    ...ports.map((port) => `PublishPort=${port}`),
    ...volumes.map((volume) => `Volume=${quadletValue(volume)}`),
    ...Object.entries(environment).map(([one, value]) => `Environment=${quadletWord(`${one}=${value}`)}`),
    ...(secrets === undefined ? [] : [`EnvironmentFile=${quadletWord(secrets)}`]),
    ...(uid === undefined ? [] : [`User=${uid}`]),
    ...(gid === undefined ? [] : [`Group=${gid}`]),
    ...(limits.length > 0 ? [`PodmanArgs=${limits.map(quadletWord).join(' ')}`] : []),
    ...(args.length > 0 ? [`Exec=${args.map(quadletWord).join(' ')}`] : []),
    '',
    ...serviceSection(deployment),
    '',
    ...installSection(scope),
    ...(scope === 'user' ? ['', ...unwaiting] : []),
  ];
}
