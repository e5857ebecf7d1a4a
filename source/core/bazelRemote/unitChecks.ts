import type { Check, Checked } from './check.ts';
import { filesOf } from './deployment.ts';
import { mayRead, type UnitSurvey } from './unitSurvey.ts';
import type { UnitScope } from './units.ts';

export interface UnitChecked extends Checked {
  readonly scope: UnitScope;
  readonly units: UnitSurvey;
  /** Files that the plan makes itself. */
  readonly made: readonly string[];
}

/** What a unit, its engine and the files of the container need of the host. */
export function checkUnit(given: UnitChecked): Check[] {
  return [
    ...(given.deployment.unit === 'container' ? [] : [systemdCheck(given), mayCheck(given)]),
    ...(given.deployment.unit === 'quadlet' ? [quadletCheck(given)] : []),
    ...podmanChecks(given),
    survivalCheck(given),
    ...keyCheck(given),
    ...fileChecks(given),
  ];
}

function systemdCheck({ place, scope }: UnitChecked): Check {
  const line = { id: 'systemd', title: 'systemd' };
  const fix = '--set unit=container';
  if (!place.systemd) return { ...line, state: 'problem', saw: 'it does not run this host', fix };
  if (scope === 'system') return { ...line, state: 'fine', saw: 'it runs the host' };
  if (!place.systemd.hasOwn)
    return { ...line, state: 'problem', saw: 'you have none of your own there: no user bus', fix };
  return place.systemd.lingers
    ? { ...line, state: 'fine', saw: 'yours goes on without a login (linger)' }
    : {
        ...line,
        state: 'problem',
        saw: 'yours ends when you log out, and does not start at boot',
        fix: 'Once, on the host: sudo loginctl enable-linger "$USER"',
      };
}

function mayCheck({ place, scope }: UnitChecked): Check {
  const line = { id: 'sudo', title: 'may write units' };
  if (scope === 'user') return { ...line, state: 'fine', saw: 'they are your own' };
  if (place.uid === 0) return { ...line, state: 'fine', saw: 'you are root' };
  return place.canBecomeRoot
    ? { ...line, state: 'fine', saw: 'sudo asks for no password' }
    : {
        ...line,
        state: 'problem',
        saw: 'you are not root, and sudo wants a password or is not there; none is asked for over SSH',
        fix: '--set unit=container, or let this user run sudo without a password, or log in as root.',
      };
}

function quadletCheck({ deployment, place }: UnitChecked): Check {
  const line = { id: 'quadlet', title: 'quadlet' };
  if (deployment.engine !== 'podman')
    return {
      ...line,
      state: 'problem',
      saw: 'only Podman knows it',
      fix: '--set engine=podman, or unit=systemd',
    };
  return place.systemd?.hasQuadlet
    ? { ...line, state: 'fine', saw: 'Podman’s generator is there' }
    : {
        ...line,
        state: 'problem',
        saw: 'Podman’s generator is not there: it comes with version 4.4',
        fix: '--set unit=systemd',
      };
}

function podmanChecks(given: UnitChecked): Check[] {
  const { deployment, place } = given;
  const { engine, image, unit, httpPort, grpcPort } = deployment;
  if (engine !== 'podman') return [];
  const isShort = !/^(?:localhost|[^/]*[.:][^/]*)\//.test(image);
  const low = [httpPort, grpcPort].filter((port) => port < place.firstOpenPort);
  return [
    ...(isShort
      ? [
          {
            id: 'short-name',
            title: 'image',
            state: 'problem' as const,
            saw: `${image} names no registry, and Podman guesses none`,
            fix: `--set image=docker.io/${image}`,
          },
        ]
      : []),
    ...(low.length > 0
      ? [
          {
            id: 'low-port',
            title: `port ${low.join(', ')}`,
            state: 'problem' as const,
            saw: `without root Podman listens from ${place.firstOpenPort} on`,
            fix: 'Choose higher ports, or log in as root.',
          },
        ]
      : []),
    ...(unit === 'container' ? [bootCheck(given), ...pastaCheck(given)] : []),
  ];
}

/** Podman has no daemon: a service of its own starts containers at boot, and only those of one policy. */
function bootCheck({ deployment: { restart }, place: { uid, systemd } }: UnitChecked): Check {
  const line = { id: 'podman-restart', title: 'start at boot' };
  const fix = '--set unit=quadlet, or unit=systemd';
  const none = 'Podman has no daemon: podman-restart.service';
  if (!systemd?.restartsPodman)
    return { ...line, state: 'warning', saw: `${none} is off, so nothing starts it at boot`, fix };
  if (restart !== 'always')
    return {
      ...line,
      state: 'warning',
      saw: `${none} is on, and starts only what has the policy always`,
      fix: '--set restart=always',
    };
  return uid === 0 || systemd.lingers
    ? { ...line, state: 'fine', saw: 'podman-restart.service is on, and the policy is always' }
    : {
        ...line,
        state: 'warning',
        saw: `${none} of yours is on, but yours starts when you log in, not at boot`,
        fix: 'Once, on the host: sudo loginctl enable-linger "$USER"',
      };
}

/**
 * From version 5 on, Podman without root takes pasta for a container’s network. It lets go of the ports after the container is
 * gone, and Podman 5.4 did not wait for that: a restart by policy was refused them, and the container stayed down.
 */
function pastaCheck({ deployment: { restart }, host, place: { uid } }: UnitChecked): Check[] {
  const podman = host.engines.find(({ name }) => name === 'podman');
  const version = podman && 'value' in podman.version ? podman.version.value : '';
  if (uid === 0 || restart === 'no' || !(Number.parseInt(version, 10) >= 5)) return [];
  return [
    {
      id: 'pasta',
      title: 'start after a crash',
      state: 'warning',
      saw: `Podman ${version} without root: its network (pasta) may still hold the ports when the policy starts it again, and it stays down`,
      fix: '--set unit=quadlet, or unit=systemd: it is started again after 5 s',
    },
  ];
}

/** What a form of running survives, as measured for docker and documented for systemd and Podman. */
function survivalCheck({ deployment: { unit, engine, restart }, scope }: UnitChecked): Check {
  const line = { id: 'survives', title: 'survives', state: 'fine' as const };
  const [policy] = restart.split(':');
  if (unit !== 'container')
    return {
      ...line,
      saw: `${policy === 'no' ? 'no crash (restart=no)' : 'a crash, being out of memory, a killed engine and an address that comes up late: it is started again every 5 s'}; a reboot${scope === 'user' ? ' (with linger)' : ''}`,
    };
  if (engine === 'podman') return { ...line, saw: 'a crash, and a reboot, as said below “start …”' };
  const told: Readonly<Record<string, string>> = {
    no: 'nothing: it stays down after a crash and a reboot',
    always: 'a crash, being out of memory, a restart of docker, a killed docker, a reboot',
    'unless-stopped':
      'a crash, being out of memory, a restart of docker, a reboot; not a docker that was killed',
    'on-failure': 'a crash and being out of memory; not a docker that was killed',
  };
  return { ...line, saw: `${told[policy ?? ''] ?? restart}; not an address that comes up after docker` };
}

/** A key that is made must be given to who reads it in the container. */
function keyCheck({ deployment: { tls }, place, owner, made }: UnitChecked): Check[] {
  if (!tls?.isSelfSigned || !made.includes(tls.key)) return [];
  if (place.canBecomeRoot || owner === `${place.uid}:${place.gid}`) return [];
  return [
    {
      id: 'key',
      title: `key ${tls.key}`,
      state: 'problem',
      saw: `it would have to be given to ${owner}, who the container runs as, and only root can`,
      fix: 'A folder of yours instead of a volume (--set data=FOLDER): then it runs as you',
    },
  ];
}

/** Each file that the container reads: there, and readable for who runs in it. */
function fileChecks({ deployment, units, owner, made }: UnitChecked): Check[] {
  return filesOf(deployment)
    .filter(([path]) => !made.includes(path))
    .map(([path]): Check => {
      const line = { id: 'file', title: `file ${path}` };
      const file = units.files.get(path);
      if (file?.state === 'there')
        return mayRead(file, owner)
          ? { ...line, state: 'fine', saw: `there, and ${owner} may read it` }
          : {
              ...line,
              state: 'problem',
              saw: `it belongs to ${file.owner} with mode ${file.mode}: ${owner}, who the container runs as, may not read it, and it would only restart`,
              fix: `On the host: chown ${owner}, or chmod`,
            };
      if (file?.state === 'absent')
        return { ...line, state: 'problem', saw: 'it is not there', fix: 'Put it there, or name another.' };
      return { ...line, state: 'warning', saw: file?.saw ?? 'it was not looked at' };
    });
}
