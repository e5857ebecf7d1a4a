import {
  authorityOf,
  type Deployment,
  type EngineName,
  imageUser,
  isFolder,
  parseLabel,
  type UnitForm,
} from '../../core/bazelRemote/deployment.ts';
import {
  isAny,
  isOlder,
  isTailnet,
  type Proposal,
  planned,
  plannedImage,
  proposeData,
} from '../../core/bazelRemote/proposals.ts';
import { known } from '../../core/known.ts';
import type { Preflight, TaskSetting } from '../task.ts';
import { certificateFile } from './certificate.ts';
import { chooseAccess } from './chooseAccess.ts';
import { chooseBackend } from './chooseBackend.ts';
import { chooseClient } from './chooseClient.ts';
import type { Deploying } from './deploying.ts';
import type { Site } from './site.ts';
import { taking, valueProblem } from './taking.ts';

export interface Choosing {
  readonly deploying: Deploying;
  readonly settings: readonly TaskSetting[];
  /** Values that cannot be meant. */
  readonly problems: readonly Preflight[];
}

/** Takes what the user set; proposes the rest from the container that is there, the plan, and the host. */
export function choose(
  given: Readonly<Record<string, string>>,
  site: Site,
  { label, bazel }: { readonly label?: string; readonly bazel?: string },
): Choosing {
  const there = parseLabel(label ?? '') ?? {};
  const takes = taking(given, there);
  const { take, always } = takes;
  const { survey, host } = site;
  const tailnet = 'value' in host.tailscale ? host.tailscale.value.addresses : [];
  const own = [...tailnet, ...survey.addresses].find(isTailnet);
  always('host', { value: site.where, because: 'the plan’s runner, or this machine' });
  const answering = host.engines.find(({ version }) => 'value' in version)?.name ?? host.engines[0]?.name;
  const engine = always('engine', {
    value: answering ?? 'docker',
    because: answering ? 'it is there' : 'neither docker nor podman was found',
  }) as EngineName;
  const size = Number(always('size', { value: planned.size, because: 'as planned' }));
  const isRootless = engine === 'podman' && survey.uid !== 0;
  const home = survey.home ?? '/root';
  const data = always(
    'data',
    isRootless
      ? { value: `${home}/bazel-cache`, because: 'Podman runs as you, without root' }
      : proposeData(survey, size),
  );
  const login = `${survey.uid ?? 0}:${survey.gid ?? 0}`;
  const canOwn = survey.canBecomeRoot && !isRootless;
  const user = take('user', isFolder(data) && !canOwn ? userProposal(isRootless, login) : undefined);
  const bind = always('bind', {
    value: own ?? '127.0.0.1',
    because: own
      ? 'the tailnet alone; 0.0.0.0 opens every address, past the firewall'
      : 'no tailnet address was found',
  });
  const name = always('name', { value: planned.name, because: 'as planned' });
  const folder = canOwn ? '/etc/bazel-remote' : `${home}/.config/bazel-remote`;
  const { login: writer, htpasswd, tls } = chooseAccess(takes, there, { folder, name });
  const unit = always('unit', {
    value: 'container',
    because:
      'container: the engine restarts it after a crash, out of memory and at boot, as the restart policy says. systemd: a service does, also when the engine was killed or the address came up late. quadlet: the same, made by Podman from a file of its own',
  }) as UnitForm;
  // Whoever starts the container reads it.
  const secretFolder = unit === 'container' && survey.uid !== 0 ? `${home}/.config/bazel-remote` : folder;
  const { backend, secrets, problems } = chooseBackend(takes, `${secretFolder}/${name}.env`);
  const [memory, cpus] = [take('memory'), take('cpus')];
  const deployment: Deployment = {
    engine,
    name,
    image: always('image', imageProposal(there.image)),
    data,
    size,
    httpPort: Number(always('http-port', { value: planned['http-port'], because: 'as planned' })),
    grpcPort: Number(always('grpc-port', { value: planned['grpc-port'], because: 'as planned' })),
    bind,
    restart: always('restart', restartProposal(engine)),
    hasMetrics: always('metrics', { value: 'on', because: 'the plan leaves them off' }) === 'on',
    isRelabelled:
      always('relabel', {
        value: survey.selinux === 'Enforcing' ? 'on' : 'off',
        because: `SELinux: ${survey.selinux ?? 'not there'}`,
      }) === 'on',
    unit,
    ...known({ user, memory, cpus, htpasswd, tls, backend, secrets }),
  };
  const isAdopted =
    always('adopt', { value: 'no', because: 'one that was not made here is left as it is' }) === 'yes';
  const reach = always('endpoint', {
    value: isAny(bind) ? (own ?? '127.0.0.1') : bind,
    because: 'the address that it listens on; a DNS name works when it resolves to that',
  });
  const shownHost = reach.includes(':') ? `[${reach}]` : reach;
  const endpoint = `${tls ? 'grpcs' : 'grpc'}://${shownHost}:${deployment.grpcPort}`;
  const client = chooseClient(takes, {
    endpoint,
    ...known({ bazel, certificate: authorityOf(deployment) && certificateFile }),
  });
  return {
    settings: takes.settings,
    problems: [...takes.problems(), ...problems],
    deploying: {
      where: site.where,
      ...known({ address: site.address }),
      deployment,
      ...(survey.canBecomeRoot ? { root: survey.uid === 0 ? [] : ['sudo', '-n'] } : {}),
      owner: isRootless ? login : (user ?? imageUser),
      login: writer,
      endpoint,
      scope: isRootless ? 'user' : 'system',
      uid: survey.uid ?? 0,
      home,
      program: survey.programs.find((path) => path.endsWith(`/${engine}`)) ?? `/usr/bin/${engine}`,
      isAdopted,
      ...client,
    },
  };
}

/** Who the container runs as, where the folder cannot be given to the image’s own user. */
function userProposal(isRootless: boolean, login: string): Proposal {
  return isRootless
    ? {
        value: '0:0',
        because:
          'root within the container is you on the host, so the folder stays yours (the image’s 65532 would need podman unshare chown)',
      }
    : { value: login, because: 'the folder cannot be given to the image’s user without root' };
}

function restartProposal(engine: EngineName): Proposal {
  const value = planned.restart;
  return engine === 'docker'
    ? {
        value,
        because:
          'as planned: it survives crashes, reboots and a docker that ends in order; only always also comes back when docker itself was killed; no and on-failure leave it down after a reboot',
      }
    : {
        value,
        because:
          'as planned: it survives crashes; Podman has no daemon, so after a reboot it comes back by podman-restart.service alone, which heeds only always: take unit=quadlet for that',
      };
}

/** The image that runs, unless it is older than the proposed one: that is an upgrade. */
function imageProposal(there: string | undefined): Proposal {
  if (there === undefined || valueProblem('image', there) !== undefined)
    return {
      value: plannedImage,
      because: 'a release of the plan’s image, whose latest comes from arbitrary commits',
    };
  return isOlder(there, plannedImage)
    ? { value: plannedImage, because: `an upgrade from ${there}` }
    : { value: there, because: 'as it runs now' };
}
