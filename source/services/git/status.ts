import { plain } from '../../core/text/safe.ts';

/** What `git status` says. Counts are of paths. */
export interface WorkingTree {
  /** Absent when detached. */
  readonly branch?: string;
  /** Absent before the first commit. */
  readonly commit?: string;
  /** `origin/main`; absent without one. */
  readonly upstream?: string;
  /** Commits that the upstream has not, and that only it has; absent when the upstream's branch is gone. */
  readonly ahead?: number;
  readonly behind?: number;
  readonly staged: number;
  readonly unstaged: number;
  readonly conflicted: number;
  /** Folders without any tracked file count as one. */
  readonly untracked: number;
  /** True when there was more than was read: the counts are the least that there is. */
  readonly isCut: boolean;
}

/** Reads `git status --porcelain=v2 --branch -z`. */
export function parseStatus(text: string, isCut: boolean): WorkingTree {
  const records = text.split('\0');
  // The last record of an output that was cut is not whole; of another it is empty.
  records.pop();
  const heads = new Map<string, string>();
  const counts = { staged: 0, unstaged: 0, conflicted: 0, untracked: 0 };
  for (let at = 0; at < records.length; at += 1) {
    const record = records[at] ?? '';
    const kind = record[0];
    if (kind === '#') {
      const [, key = '', value = ''] = /^# branch\.(\S+) (.*)$/.exec(record) ?? [];
      heads.set(key, value);
    } else if (kind === '?') counts.untracked += 1;
    else if (kind === 'u') counts.conflicted += 1;
    else if (kind === '1' || kind === '2') {
      if (record[2] !== '.') counts.staged += 1;
      if (record[3] !== '.') counts.unstaged += 1;
      // The path that it was renamed from is a record of its own.
      if (kind === '2') at += 1;
    }
  }
  const [, ahead, behind] = /^\+(\d+) -(\d+)$/.exec(heads.get('ab') ?? '') ?? [];
  const branch = heads.get('head');
  const commit = heads.get('oid');
  const upstream = heads.get('upstream');
  return {
    ...(branch === undefined || branch === '(detached)' ? {} : { branch: plain(branch) }),
    ...(commit === undefined || commit === '(initial)' ? {} : { commit }),
    ...(upstream === undefined ? {} : { upstream: plain(upstream) }),
    ...(ahead === undefined ? {} : { ahead: Number(ahead), behind: Number(behind) }),
    ...counts,
    isCut,
  };
}
