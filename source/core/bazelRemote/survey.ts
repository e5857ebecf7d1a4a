import { fieldsOf, parseJson, type Section } from '../host/sections.ts';
import { plain } from '../text/safe.ts';
import { type DeployedContainer, parseContainer, parseDigests } from './container.ts';

/** What a host has, whatever is to be deployed on it. */
export interface PlaceSurvey {
  readonly uid?: number;
  readonly gid?: number;
  readonly home?: string;
  /** `sudo` that asks for no password, or root. */
  readonly canBecomeRoot: boolean;
  readonly mounts: readonly Mount[];
  /** `Enforcing`, `Permissive`, `Disabled`; absent without SELinux. */
  readonly selinux?: string;
  readonly addresses: readonly string[];
  readonly hasOpenssl: boolean;
  /** Paths of docker and podman. */
  readonly programs: readonly string[];
  /** Absent where the host is not run by systemd. */
  readonly systemd?: SystemdSurvey;
  /** Below it only root listens. */
  readonly firstOpenPort: number;
}

export interface SystemdSurvey {
  /** The user who logs in has a systemd of its own that answers. */
  readonly hasOwn: boolean;
  /** That one goes on, or starts at boot, while the user is not logged in. */
  readonly lingers: boolean;
  /** Podman starts the containers of whoever logs in again at boot, where their policy is `always`. */
  readonly restartsPodman: boolean;
  /** Podman makes services of quadlets. */
  readonly hasQuadlet: boolean;
}

export interface Mount {
  readonly path: string;
  readonly device: string;
  /** Bytes, for a user who is not root. */
  readonly available: number;
  /** Files that can still be made; absent where the file system does not count them. */
  readonly inodes?: number;
  readonly isReadOnly?: boolean;
}

/** The folder for the data. `missing` names those to make, the deepest first. */
export type DataFolder =
  | { readonly state: 'absent'; readonly missing: readonly string[]; readonly isWritable: boolean }
  | {
      readonly state: 'directory';
      /** `0:0`. */
      readonly owner: string;
      readonly mode: string;
      readonly isWritable: boolean;
      readonly entries: readonly { readonly name: string; readonly owner: string }[];
    }
  | { readonly state: 'other' }
  | { readonly state: 'unknown'; readonly saw: string };

/** What is there of one deployment. */
export interface TargetSurvey {
  /** Absent for a volume. */
  readonly folder?: DataFolder;
  /** The file system of the folder, or of the nearest above it that exists. */
  readonly disk?: Mount;
  readonly hasVolume: boolean;
  readonly container: Inspected;
  readonly previous: Inspected;
  readonly hasImage: boolean;
  /** Digests that the engine or its registry gives for the image. */
  readonly digests: readonly string[];
}

/** A container, that there is none, or why that is not known. */
export type Inspected =
  | { readonly state: 'there'; readonly container: DeployedContainer }
  | { readonly state: 'absent' }
  | { readonly state: 'unknown'; readonly saw: string };

export function placeSurvey(sections: readonly Section[]): PlaceSurvey {
  const [uid, gid, home] = text(sections, 'who').split('\n');
  const isRoot = uid === '0';
  const selinux = plain(text(sections, 'selinux'), 40);
  return {
    ...(/^\d+$/.test(uid ?? '') ? { uid: Number(uid) } : {}),
    ...(/^\d+$/.test(gid ?? '') ? { gid: Number(gid) } : {}),
    ...(home?.startsWith('/') ? { home: plain(home, 300) } : {}),
    canBecomeRoot: isRoot || found(sections, 'sudo')?.status === 0,
    mounts: withOptions(
      mountsOf(text(sections, 'mounts')),
      text(sections, 'inodes'),
      text(sections, 'options'),
    ),
    ...(selinux === '' ? {} : { selinux }),
    addresses: addressesOf(text(sections, 'addresses')),
    hasOpenssl: found(sections, 'openssl')?.status === 0,
    programs: text(sections, 'programs')
      .split('\n')
      .filter((line) => /^\/[\w./-]+$/.test(line)),
    ...(text(sections, 'systemd') === 'there' ? { systemd: systemdOf(sections) } : {}),
    firstOpenPort: isRoot ? 0 : Number(/^\d+$/.exec(text(sections, 'low-ports'))?.[0] ?? 1024),
  };
}

function systemdOf(sections: readonly Section[]): SystemdSurvey {
  return {
    hasOwn: found(sections, 'own')?.status === 0,
    lingers: found(sections, 'lingers')?.status === 0,
    restartsPodman: text(sections, 'restarts') === 'enabled',
    hasQuadlet: found(sections, 'quadlet') !== undefined,
  };
}

export function targetSurvey(sections: readonly Section[]): TargetSurvey {
  const data = found(sections, 'data');
  const image = found(sections, 'image');
  const asked = found(sections, 'digest');
  const [disk] = mountsOf(text(sections, 'disk'));
  const told = fieldsOf(parseJson(asked?.status === 0 ? asked.text : ''))?.digest;
  const isDigest = typeof told === 'string' && /^sha256:[0-9a-f]{64}$/.test(told);
  return {
    ...(data ? { folder: folderOf(data) } : {}),
    ...(disk ? { disk } : {}),
    hasVolume: found(sections, 'volume')?.status === 0,
    container: inspected(found(sections, 'container')),
    previous: inspected(found(sections, 'previous')),
    hasImage: image?.status === 0,
    digests: image?.status === 0 ? parseDigests(image.text) : isDigest ? [told] : [],
  };
}

/** `inspect` prints `[]` before its error. */
function inspected(section: Section | undefined): Inspected {
  const container = section?.status === 0 ? parseContainer(section.text) : undefined;
  if (container) return { state: 'there', container };
  if (section?.status !== 0 && /no such (?:container|object)/i.test(section?.text ?? ''))
    return { state: 'absent' };
  return { state: 'unknown', saw: plain(section?.text ?? 'it was not asked', 300) };
}

function folderOf({ text: said, status }: Section): DataFolder {
  const [state, ...lines] = said.split('\n');
  if (state === 'other') return { state };
  if (state === 'absent') {
    const writable = lines.at(-1);
    return { state, missing: lines.slice(0, -1), isWritable: writable === 'writable' };
  }
  const [, owner, mode] = /^(\d+:\d+) (\d+)$/.exec(lines[0] ?? '') ?? [];
  if (state !== 'directory' || status === undefined || owner === undefined || mode === undefined)
    return { state: 'unknown', saw: plain(said, 300) };
  const entries = lines.slice(2).flatMap((line) => {
    const [, own, path] = /^(\d+:\d+) (.*)$/.exec(line) ?? [];
    return own === undefined || path === undefined
      ? []
      : [{ owner: own, name: plain(path.slice(path.lastIndexOf('/') + 1), 200) }];
  });
  return { state, owner, mode, isWritable: lines[1] === 'writable', entries };
}

/** `df -Pk`: names may hold spaces, so the numbers are found between them. */
function mountsOf(said: string): Mount[] {
  return said.split('\n').flatMap((line) => {
    const [, device = '', available, path] =
      /^(.*?)\s+\d+\s+\d+\s+(-?\d+)\s+(?:\d+%|-)\s+(\/.*)$/.exec(line) ?? [];
    if (available === undefined || path === undefined) return [];
    return [
      {
        path: plain(path, 300),
        device: plain(device, 100),
        available: Math.max(Number(available), 0) * 1024,
      },
    ];
  });
}

/** `df -Pi`, where the file system counts inodes at all, and the words of /proc/mounts. */
function withOptions(mounts: readonly Mount[], inodes: string, options: string): Mount[] {
  const counts = new Map(
    inodes.split('\n').flatMap((line): [string, number][] => {
      const [, all, free, path] = /\s(\d+)\s+\d+\s+(\d+)\s+(?:\d+%)\s+(\/.*)$/.exec(line) ?? [];
      return path === undefined || all === '0' ? [] : [[plain(path, 300), Number(free)]];
    }),
  );
  const readOnly = new Set<string>();
  for (const line of options.split('\n')) {
    const [, at = '', , words = ''] = line.split(' ');
    const path = at.replace(/\\([0-7]{3})/g, (_, code) => String.fromCharCode(Number.parseInt(code, 8)));
    if (words.split(',').includes('ro')) readOnly.add(path);
    else readOnly.delete(path);
  }
  return mounts.map((mount) => {
    const free = counts.get(mount.path);
    return {
      ...mount,
      ...(free === undefined ? {} : { inodes: free }),
      ...(readOnly.has(mount.path) ? { isReadOnly: true } : {}),
    };
  });
}

function addressesOf(said: string): string[] {
  const written = [...said.matchAll(/\binet6? ([0-9a-f.:]+)/g)].map(([, address = '']) => address);
  const listed = said.split(/\s+/).filter((one) => /^(?:\d+(?:\.\d+){3}|[0-9a-f]*:[0-9a-f:]+)$/i.test(one));
  return [...new Set(written.length > 0 ? written : listed)];
}

function found(sections: readonly Section[], name: string): Section | undefined {
  return sections.find((section) => section.name === name);
}

function text(sections: readonly Section[], name: string): string {
  const section = found(sections, name);
  return section?.status === 0 ? section.text : '';
}
