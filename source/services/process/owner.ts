import { hostname } from 'node:os';
import { readBytes } from '../files/read.ts';
import { runReading } from './run.ts';

/** A process, so that another one with its number is not taken for it. */
export interface ProcessOwner {
  readonly host: string;
  /** Of the machine's start; empty where the system does not tell. */
  readonly boot: string;
  readonly pid: number;
  /** When the process started, in the system's own words. */
  readonly started: string;
}

/** This process. */
export async function thisProcess(): Promise<ProcessOwner> {
  const { pid } = process;
  return { host: hostname(), boot: await bootId(), pid, started: (await startOf(pid)) ?? '' };
}

/**
 * Whether a process is gone for certain: its machine was started anew, or nothing with its number and start is there.
 * A process of another machine never is.
 */
export async function isGone(owner: ProcessOwner): Promise<boolean> {
  if (owner.host !== hostname()) return false;
  if (owner.boot !== (await bootId())) return true;
  const started = await startOf(owner.pid);
  return started === undefined || (owner.started !== '' && started !== owner.started);
}

async function bootId(): Promise<string> {
  const known = readBytes('/proc/sys/kernel/random/boot_id')?.toString('utf8').trim();
  if (known !== undefined) return known;
  const asked = await runReading(['sysctl', '-n', 'kern.boottime']).catch(() => undefined);
  return asked?.code === 0 ? asked.stdout.trim() : '';
}

/** Undefined when there is no such process, or only what is left of one until its parent looks. */
async function startOf(pid: number): Promise<string | undefined> {
  if (readBytes('/proc/self/stat')) return startInStat(readStat(pid));
  const { code, stdout } = await runReading(['ps', '-o', 'stat=,lstart=', '-p', String(pid)]);
  const [, state = '', start] = /^\s*(\S+)\s+(.*\S)/.exec(stdout) ?? [];
  return code === 0 && !state.startsWith('Z') ? start : undefined;
}

/** Field 22 of proc_pid_stat(5); the second may hold spaces and brackets. */
function startInStat(stat: string | undefined): string | undefined {
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ') ?? [];
  return fields[0] === undefined || /^[ZX]/.test(fields[0]) ? undefined : fields[19];
}

function readStat(pid: number): string | undefined {
  try {
    return readBytes(`/proc/${pid}/stat`)?.toString('utf8');
  } catch (error) {
    // A process that ends while its file is read.
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return undefined;
    throw error;
  }
}
