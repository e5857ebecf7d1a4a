import type { ClientSettings } from '../../core/bazelRemote/clientFlags.ts';
import {
  type Deployment,
  type EngineName,
  imageUser,
  isFolder,
  parseLabel,
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
import { valueProblems } from '../../core/bazelRemote/values.ts';
import type { Where } from '../../core/plan/action.ts';
import { plain } from '../../core/text/safe.ts';
import type { Preflight, TaskSetting } from '../task.ts';
import { choices, titles } from './settingNames.ts';
import type { Site } from './site.ts';

/** All that is chosen: what the user set, and for the rest what is there, what was planned, or what fits. */
export interface Deploying {
  readonly where: Where;
  readonly address?: string;
  readonly deployment: Deployment;
  /** What comes before a command to run it as root: nothing for root, `sudo -n`; absent when neither is possible. */
  readonly root?: readonly string[];
  /** Who owns the data on the host: `65532:65532`. */
  readonly owner: string;
  /** Of the file of logins. */
  readonly login: string;
  readonly endpoint: string;
  readonly bazelrc: 'config' | 'unconditional' | 'none';
  readonly client: ClientSettings;
  readonly isBuiltTwice: boolean;
}

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
  const settings: TaskSetting[] = [];
  const problems: Preflight[] = [];
  const take = (name: string, proposal?: Proposal): string | undefined => {
    const known = choices[name];
    const kept = there[name];
    const isKept = kept !== undefined && valueProblem(name, kept) === undefined;
    const proposed = isKept && name !== 'image' ? { value: kept, because: 'as it runs now' } : proposal;
    settings.push({
      name,
      title: titles[name] ?? name,
      ...(proposed ?? {}),
      ...(known ? { choices: known } : {}),
    });
    const value = given[name] ?? proposed?.value;
    if (value === undefined || value === '') return undefined;
    const saw = valueProblem(name, value);
    if (saw === undefined) return value;
    problems.push({
      id: `set-${name}`,
      title: titles[name] ?? name,
      state: 'problem',
      saw: `${plain(JSON.stringify(value), 100)}: ${saw}`,
      fix: `--set ${name}=VALUE`,
    });
    return proposed?.value;
  };
  const always = (name: string, proposal: Proposal): string => take(name, proposal) ?? proposal.value;
  for (const name of Object.keys(given))
    if (titles[name] === undefined)
      problems.push({
        id: 'set',
        title: 'settings',
        state: 'problem',
        saw: `there is no setting ${plain(name, 60)}`,
        fix: `There are: ${Object.keys(titles).join(', ')}`,
      });

  const { survey, host } = site;
  const tailnet = 'value' in host.tailscale ? host.tailscale.value.addresses : [];
  const home = [...tailnet, ...survey.addresses].find(isTailnet);
  always('host', { value: site.where, because: 'the plan’s runner, or this machine' });
  const answering = host.engines.find(({ version }) => 'value' in version)?.name ?? host.engines[0]?.name;
  const engine = always('engine', {
    value: answering ?? 'docker',
    because: answering ? 'it is there' : 'neither docker nor podman was found',
  }) as EngineName;
  const size = Number(always('size', { value: planned.size, because: 'as planned' }));
  const data = always('data', proposeData(survey, size));
  const isRootless = engine === 'podman' && survey.uid !== 0;
  const login = `${survey.uid ?? 0}:${survey.gid ?? 0}`;
  const canOwn = survey.canBecomeRoot && !isRootless;
  const user = take(
    'user',
    isFolder(data) && !canOwn
      ? {
          value: isRootless ? '0:0' : login,
          because: 'the folder cannot be given to the image’s user without root',
        }
      : undefined,
  );
  const bind = always('bind', {
    value: home ?? '127.0.0.1',
    because: home
      ? 'the tailnet alone; 0.0.0.0 opens every address, past the firewall'
      : 'no tailnet address was found',
  });
  const auth = always('auth', {
    value: there.htpasswd === undefined ? 'none' : 'htpasswd',
    because: 'whoever reaches it may write; htpasswd lets everybody read and logins write',
  });
  const htpasswd = take('htpasswd', {
    value: '/etc/bazel-remote/htpasswd',
    because: 'used with auth=htpasswd',
  });
  const writer = always('login', { value: 'ci', because: 'used with auth=htpasswd' });
  const memory = take('memory');
  const cpus = take('cpus');
  const deployment: Deployment = {
    engine,
    name: always('name', { value: planned.name, because: 'as planned' }),
    image: always('image', imageProposal(there.image)),
    data,
    size,
    httpPort: Number(always('http-port', { value: planned['http-port'], because: 'as planned' })),
    grpcPort: Number(always('grpc-port', { value: planned['grpc-port'], because: 'as planned' })),
    bind,
    restart: always('restart', {
      value: planned.restart,
      because:
        'as planned: it survives crashes, reboots and a docker that ends in order; only always also comes back when docker itself was killed; no and on-failure leave it down after a reboot',
    }),
    hasMetrics: always('metrics', { value: 'on', because: 'the plan leaves them off' }) === 'on',
    isRelabelled:
      always('relabel', {
        value: survey.selinux === 'Enforcing' ? 'on' : 'off',
        because: `SELinux: ${survey.selinux ?? 'not there'}`,
      }) === 'on',
    unit: 'container',
    ...(user === undefined ? {} : { user }),
    ...(memory === undefined ? {} : { memory }),
    ...(cpus === undefined ? {} : { cpus }),
    ...(auth === 'htpasswd' && htpasswd !== undefined ? { htpasswd } : {}),
  };
  const reach = always('endpoint', {
    value: isAny(bind) ? (home ?? '127.0.0.1') : bind,
    because: 'the address that it listens on; a DNS name works when it resolves to that',
  });
  const bazelrc = always('bazelrc', {
    value: 'config',
    because:
      'used with --config=remote; unconditional meets everybody, also off the tailnet, where each build waits for the cache first',
  }) as Deploying['bazelrc'];
  const timeout = always('timeout', {
    value: '60',
    because:
      'not the plan’s 3600: Bazel retries five times, so a server that stalls would hold a build for six hours',
  });
  const download = always('download', {
    value: 'minimal',
    because: 'as planned; it leaves bazel-bin empty: take toplevel where people run what they build',
  }) as ClientSettings['download'];
  const isBuiltTwice =
    always('build-twice', {
      value: 'no',
      because: 'it cleans and builds //... twice, which takes its time',
    }) === 'yes';
  const endpoint = `grpc://${reach.includes(':') ? `[${reach}]` : reach}:${deployment.grpcPort}`;
  return {
    settings,
    problems,
    deploying: {
      where: site.where,
      ...(site.address === undefined ? {} : { address: site.address }),
      deployment,
      ...(canOwn ? { root: survey.uid === 0 ? [] : ['sudo', '-n'] } : {}),
      owner: isRootless ? login : (user ?? imageUser),
      login: writer,
      endpoint,
      bazelrc,
      isBuiltTwice,
      client: {
        endpoint,
        timeout: Number(timeout),
        download,
        isUnconditional: bazelrc === 'unconditional',
        ...(bazel === undefined ? {} : { bazel }),
      },
    },
  };
}

/** The image that runs, unless it is older than the proposed one: that is an upgrade. */
function imageProposal(there: string | undefined): Proposal {
  if (there === undefined || valueProblems.image?.(there) !== undefined)
    return {
      value: plannedImage,
      because: 'a release of the plan’s image, whose latest comes from arbitrary commits',
    };
  return isOlder(there, plannedImage)
    ? { value: plannedImage, because: `an upgrade from ${there}` }
    : { value: there, because: 'as it runs now' };
}

function valueProblem(name: string, value: string): string | undefined {
  const known = choices[name];
  if (known) return known.includes(value) ? undefined : `it is one of ${known.join(', ')}`;
  return Object.hasOwn(valueProblems, name) ? valueProblems[name]?.(value) : undefined;
}
