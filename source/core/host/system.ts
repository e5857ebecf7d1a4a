import { plain } from '../text/safe.ts';
import type { Disk, HostState } from './model.ts';

type Value<T> = T extends { readonly value: infer V } ? V : never;

/** `uname -s`, `-r` and `-m`, a line each. */
export function parseKernel(text: string): Value<HostState['kernel']> | undefined {
  const [system, release, machine] = text.split('\n').map((line) => plain(line.trim(), 200));
  return system && release && machine ? { system, release, machine } : undefined;
}

/** /proc/loadavg, `sysctl -n vm.loadavg` or `uptime`, then the number of processors on a line of its own. */
export function parseLoad(text: string): Value<HostState['load']> | undefined {
  const [, one, five, fifteen] =
    /(?:load averages?:\s*|^\{?\s*)(\d+[.,]\d+),?\s+(\d+[.,]\d+),?\s+(\d+[.,]\d+)/m.exec(text) ?? [];
  const cpus = Number(text.split('\n').at(-1));
  if (one === undefined || five === undefined || fifteen === undefined || !(cpus >= 1)) return undefined;
  const number = (digits: string): number => Number(digits.replace(',', '.'));
  return { one: number(one), five: number(five), fifteen: number(fifteen), cpus };
}

/**
 * The folder that was measured, then `df -Pk` of it as POSIX defines it: 1024-byte blocks, used, available, capacity, mount.
 * The names of the file system and of the mount may hold spaces, so the numbers are found between them.
 */
export function parseDisk(path: string, text: string): Disk | undefined {
  const [measured = '', ...lines] = text.split('\n');
  const [, size, available, mount] =
    /\s(\d+)\s+\d+\s+(-?\d+)\s+(?:\d+%|-)\s+(\/.*)$/.exec(lines.at(-1) ?? '') ?? [];
  if (size === undefined || available === undefined || mount === undefined) return undefined;
  return {
    path,
    ...(measured === path ? {} : { nearest: plain(measured, 500) }),
    mount: plain(mount, 500),
    size: Number(size) * 1024,
    available: Math.max(Number(available), 0) * 1024,
  };
}

/**
 * Seconds that a host's clock is ahead, from `date -u +%s.%N` that ran between two readings of ours (milliseconds). Zero when
 * the difference is within what the way there and back, or a date without fractions, leaves open.
 */
export function clockSkewOf(text: string, before: number, after: number): number | undefined {
  const [, seconds, fraction] = /^(\d{9,11})(?:\.(\d+))?/.exec(text) ?? [];
  if (seconds === undefined) return undefined;
  const earliest = Number(fraction === undefined ? seconds : `${seconds}.${fraction}`);
  const latest = fraction === undefined ? earliest + 1 : earliest;
  const least = earliest - after / 1000;
  const most = latest - before / 1000;
  if (least <= 0 && most >= 0) return 0;
  return Math.round(((least + most) / 2) * 1000) / 1000;
}
