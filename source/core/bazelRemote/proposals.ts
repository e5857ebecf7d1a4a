import { bytes } from '../text/format.ts';
import type { Mount, PlaceSurvey } from './survey.ts';

/** The values of the build plan. */
export const planned = {
  name: 'bazel-remote',
  data: '/data/bazel-cache',
  size: '50',
  'http-port': '9090',
  'grpc-port': '9092',
  restart: 'unless-stopped',
} as const;

/** A version of the plan's image, which the plan leaves at `latest`: that is pushed from arbitrary commits. */
export const plannedImage = 'docker.io/buchgr/bazel-remote-cache:v2.6.2';

export const gibibyte = 1024 ** 3;

/** A value and why it is proposed. */
export interface Proposal {
  readonly value: string;
  readonly because: string;
}

/** File systems that are no place for a cache. */
const unfit = /^(?:tmpfs|devtmpfs|overlay|udev|none|shm|efivarfs|\/dev\/loop\S*)$/;

/** Where the data goes: the plan's folder when its file system has room, else where the most room is. */
export function proposeData(survey: PlaceSurvey, size: number): Proposal {
  const wanted = size * gibibyte;
  const { mounts, canBecomeRoot, home } = survey;
  const at = mountOf(mounts, planned.data);
  const room = bytes(at?.available ?? 0);
  if (!canBecomeRoot && home !== undefined)
    return {
      value: `${home}/bazel-cache`,
      because: `the plan’s ${planned.data} can only be made by root, and sudo asks for a password`,
    };
  if (!at || at.available >= wanted)
    return { value: planned.data, because: `as planned; ${room} are free there` };
  const why = `the plan’s ${planned.data} is on ${at.path} with ${room} free: a cache of ${size} GiB would fill it`;
  const best = fitting(mounts, size)[0];
  if (!best) return { value: planned.data, because: `${why}, and no other file system has room` };
  return { value: folderOn(best), because: `${why}; ${best.path} has ${bytes(best.available)} free` };
}

/** File systems with room for the cache, most room first. */
export function fitting(mounts: readonly Mount[], size: number): Mount[] {
  return mounts
    .filter(
      ({ device, path }) => !unfit.test(device) && !/^\/(?:boot|dev|proc|sys|run|snap)(?:\/|$)/.test(path),
    )
    .filter(({ available }) => available >= size * gibibyte)
    .sort((a, b) => b.available - a.available);
}

export function folderOn({ path }: Mount): string {
  return path === '/' ? planned.data : `${path}/bazel-cache`;
}

/** The file system that a path is on, by its name alone. */
function mountOf(mounts: readonly Mount[], path: string): Mount | undefined {
  return mounts
    .filter((mount) => mount.path === '/' || path === mount.path || path.startsWith(`${mount.path}/`))
    .sort((a, b) => b.path.length - a.path.length)[0];
}

/** Addresses of carrier-grade NAT, which Tailscale uses (RFC 6598). */
export function isTailnet(address: string): boolean {
  const [, second] = /^100\.(\d+)\./.exec(address) ?? [];
  return (
    (Number(second) >= 64 && Number(second) < 128) || address.toLowerCase().startsWith('fd7a:115c:a1e0:')
  );
}

/** True for an address that only its own machine reaches. */
export function isLoopback(address: string): boolean {
  return address.startsWith('127.') || address === '::1';
}

/** True when a server bound to it listens on every address. */
export function isAny(address: string): boolean {
  return address === '0.0.0.0' || /^[0:]+$/.test(address);
}

/** Networks that nobody outside reaches (RFC 1918, RFC 4193), the tailnet, loopback. */
export function isPrivate(address: string): boolean {
  return (
    isTailnet(address) ||
    isLoopback(address) ||
    /^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.)/.test(address) ||
    /^f[cd]/i.test(address)
  );
}

/** Whether version `a` of a tag such as `v2.6.1` is older than `b`; false when either is none. */
export function isOlder(a: string, b: string): boolean {
  const [left, right] = [numbers(a), numbers(b)];
  if (!left || !right) return false;
  const at = left.findIndex((one, index) => one !== right[index]);
  return at >= 0 && (left[at] ?? 0) < (right[at] ?? 0);
}

function numbers(tag: string): number[] | undefined {
  const [, ...parts] = /:v?(\d+)\.(\d+)\.(\d+)(?:@|$)/.exec(tag) ?? [];
  return parts.length === 3 ? parts.map(Number) : undefined;
}
