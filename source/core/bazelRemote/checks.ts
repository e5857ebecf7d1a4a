import type { HostState, ListeningPort } from '../host/model.ts';
import type { Check, Checked } from './check.ts';
import { dataChecks } from './dataChecks.ts';
import { isAny, isLoopback, isPrivate } from './proposals.ts';

/** What a deployment needs of its host, each with what was seen and what to do. */
export function checkHost(given: Checked): Check[] {
  const { deployment } = given;
  return [
    engineCheck(given),
    addressCheck(given),
    portCheck(given, 'http-port', deployment.httpPort),
    portCheck(given, 'grpc-port', deployment.grpcPort),
    ...dataChecks(given),
    rootCheck(given),
    selinuxCheck(given),
    ...opensslCheck(given),
    clockCheck(given.host),
    loadCheck(given.host),
  ];
}

/** What comes without root, where it is not there. */
function rootCheck({ place: { uid, canBecomeRoot } }: Checked): Check {
  const line = { id: 'root', title: 'root' };
  if (uid === 0) return { ...line, state: 'fine', saw: 'you are root' };
  return canBecomeRoot
    ? { ...line, state: 'fine', saw: 'sudo asks for no password' }
    : {
        ...line,
        state: 'warning',
        saw: 'sudo wants a password, or is not there; none is asked for over SSH, so folders outside your own stay as they are',
        fix: 'Let this user run sudo without a password, or log in as root; or use what is your own, as proposed.',
      };
}

function engineCheck({ deployment, host }: Checked): Check {
  const line = { id: 'engine', title: `${deployment.engine} answers` };
  const found = host.engines.find(({ name }) => name === deployment.engine);
  if (!found)
    return {
      ...line,
      state: 'problem',
      saw: 'it is not installed',
      fix: 'Install docker or podman on the host.',
    };
  if ('value' in found.version) return { ...line, state: 'fine', saw: `version ${found.version.value}` };
  const { saw, next } = found.version.failure;
  return { ...line, state: 'problem', saw, fix: next.join(' ') };
}

function addressCheck({
  deployment: { bind, httpPort, grpcPort, htpasswd },
  host,
  place,
  isAway,
}: Checked): Check {
  const line = { id: 'address', title: `address ${bind}` };
  const tailnet = 'value' in host.tailscale ? host.tailscale.value.addresses : [];
  if (isAny(bind))
    return {
      ...line,
      state: 'warning',
      saw: `ports ${httpPort} and ${grpcPort} are opened on every address of the host, past ufw and firewalld (docker publishes before them)${htpasswd === undefined ? ', and everybody who reaches them may write into the cache' : ''}`,
      fix:
        tailnet[0] === undefined ? 'Bind one address.' : `Bind the tailnet alone: --set bind=${tailnet[0]}`,
    };
  if (isLoopback(bind) && isAway)
    return {
      ...line,
      state: 'problem',
      saw: 'only programs on the host itself would reach it: it could not be verified from here',
      fix: `--set bind=${tailnet[0] ?? 'an address of the host'}, or run this on the host.`,
    };
  const isUp = [...place.addresses, ...tailnet].includes(bind) || isLoopback(bind);
  if (!isUp)
    return {
      ...line,
      state: 'problem',
      saw: `it is no address of the host (${[...new Set([...tailnet, ...place.addresses])].join(', ') || 'none known'})`,
      fix: 'Bring it up (tailscale up), or choose another: --set bind=ADDRESS',
    };
  if (tailnet.includes(bind) && 'value' in host.tailscale && !host.tailscale.value.running)
    return {
      ...line,
      state: 'problem',
      saw: `Tailscale is down: ${host.tailscale.value.saw}`,
      fix: 'tailscale up',
    };
  if (!isPrivate(bind) && htpasswd === undefined)
    return {
      ...line,
      state: 'warning',
      saw: 'it is a public address, and everybody who reaches it may write into the cache',
      fix: '--set auth=htpasswd, or bind the tailnet.',
    };
  return {
    ...line,
    state: 'fine',
    saw: tailnet.includes(bind)
      ? 'up; when docker starts before tailscaled at boot, the container stays down until it is started by hand'
      : 'up',
  };
}

function portCheck({ deployment, host, isOurs }: Checked, id: string, port: number): Check {
  const line = { id, title: `port ${port}` };
  const fix = `Free it, or choose another: --set ${id}=PORT`;
  if ('failure' in host.ports) return { ...line, state: 'unknown', saw: host.ports.failure.saw, fix };
  const holders = host.ports.value.filter((one) => one.port === port && clashes(one, deployment.bind));
  const containers = 'value' in host.containers ? host.containers.value : [];
  const holder = containers.find(({ ports }) => new RegExp(`:${port}->`).test(ports));
  if (isOurs && holder?.name === deployment.name)
    return { ...line, state: 'fine', saw: `held by ${deployment.name} itself` };
  if (holder && holders.length > 0)
    return { ...line, state: 'problem', saw: `held by the container ${holder.name} (${holder.image})`, fix };
  const [first] = holders;
  if (!first) return { ...line, state: 'fine', saw: `free on ${deployment.bind}` };
  const who = first.process === undefined ? 'a process that only root sees' : first.process;
  return { ...line, state: 'problem', saw: `held on ${first.address} by ${who}`, fix };
}

function clashes({ address }: ListeningPort, bind: string): boolean {
  return address === bind || address === '*' || isAny(address) || isAny(bind);
}

function selinuxCheck({ deployment: { isRelabelled }, place: { selinux } }: Checked): Check {
  const line = { id: 'selinux', title: 'SELinux' };
  if (selinux !== 'Enforcing') return { ...line, state: 'fine', saw: selinux ?? 'not there' };
  return isRelabelled
    ? { ...line, state: 'fine', saw: 'Enforcing: the folder is relabelled for the container (:Z)' }
    : {
        ...line,
        state: 'warning',
        saw: 'Enforcing',
        fix: 'When the container may not write: --set relabel=on',
      };
}

/** Logins and certificates of its own are made on the host; those of one that is there already are not made again. */
function opensslCheck({ deployment: { htpasswd, tls }, place: { hasOpenssl }, isOurs }: Checked): Check[] {
  if (htpasswd === undefined && tls?.isSelfSigned !== true) return [];
  const line = { id: 'openssl', title: 'openssl' };
  if (hasOpenssl) return [{ ...line, state: 'fine', saw: 'it is there' }];
  return [
    {
      ...line,
      state: isOurs ? 'warning' : 'problem',
      saw: 'it is not there: passwords are hashed and certificates made with it',
      fix: 'Install openssl on the host, or choose another: --set auth=none',
    },
  ];
}

function clockCheck({ clockSkew }: HostState): Check {
  const line = { id: 'clock', title: 'clock' };
  if (clockSkew === undefined) return { ...line, state: 'unknown', saw: 'it was not read' };
  const isOff = Math.abs(clockSkew) > 60;
  const saw = clockSkew === 0 ? 'as this machine’s' : `${clockSkew} s ahead of this machine’s`;
  return isOff
    ? { ...line, state: 'warning', saw, fix: 'Set up chrony or systemd-timesyncd on the host.' }
    : { ...line, state: 'fine', saw };
}

function loadCheck({ load }: HostState): Check {
  const line = { id: 'load', title: 'load' };
  if ('failure' in load) return { ...line, state: 'unknown', saw: load.failure.saw };
  const { one, five, cpus } = load.value;
  const saw = `${one} over a minute, ${five} over five, on ${cpus} processors`;
  return five > cpus
    ? {
        ...line,
        state: 'warning',
        saw: `${saw}: the cache will be slow to answer`,
        fix: 'Look what runs there.',
      }
    : { ...line, state: 'fine', saw };
}
