import { bytes } from '../text/format.ts';
import type { Check, Checked } from './check.ts';
import { isFolder, ownerOf } from './deployment.ts';
import { fitting, folderOn, gibibyte } from './proposals.ts';
import type { DataFolder } from './survey.ts';

/** What the data need: a file system that can be written and has room, and a folder of the right owner; or a volume. */
export function dataChecks(given: Checked): Check[] {
  return isFolder(given.deployment.data)
    ? [...fileSystemChecks(given), spaceCheck(given), folderCheck(given)]
    : [volumeCheck(given)];
}

/** Fewer inodes than this, and the cache meets their end before that of its room. */
const fewInodes = 100_000;

function fileSystemChecks({ target: { disk }, place: { mounts } }: Checked): Check[] {
  const mount = mounts.find(({ path }) => path === disk?.path);
  const fix = 'Choose another folder: --set data=FOLDER';
  return [
    ...(mount?.isReadOnly
      ? [
          {
            id: 'read-only',
            title: `file system ${mount.path}`,
            state: 'problem' as const,
            saw: 'it is mounted read-only: a cache on it looks healthy and stores nothing',
            fix,
          },
        ]
      : []),
    ...(mount?.inodes !== undefined && mount.inodes < fewInodes
      ? [
          {
            id: 'inodes',
            title: `file system ${mount.path}`,
            state: mount.inodes < 1000 ? ('problem' as const) : ('warning' as const),
            saw: `only ${mount.inodes} more files can be made on it; each entry is one`,
            fix,
          },
        ]
      : []),
  ];
}

function spaceCheck({ deployment: { size, data }, target: { disk }, place, isOurs }: Checked): Check {
  const line = { id: 'free-space', title: `room for ${size} GiB` };
  if (!disk) return { ...line, state: 'unknown', saw: `the file system of ${data} was not measured` };
  const saw = `${bytes(disk.available)} are free on ${disk.path}`;
  if (disk.available >= size * gibibyte) return { ...line, state: 'fine', saw };
  if (isOurs) return { ...line, state: 'warning', saw: `${saw}, beside what the cache holds already` };
  const [best] = fitting(place.mounts, size);
  const smaller = Math.floor((disk.available * 0.8) / gibibyte);
  const fixes = [
    ...(best ? [`--set data=${folderOn(best)} (${bytes(best.available)} free)`] : []),
    ...(smaller >= 1 ? [`--set size=${smaller}`] : []),
  ];
  return {
    ...line,
    state: 'problem',
    saw: `${saw}: bazel-remote evicts at its limit, not when the disk is full, and then stores nothing more`,
    fix: fixes.join(', or ') || 'Free some room.',
  };
}

/** Folders that bazel-remote makes. */
const own = /^(?:cas|ac|raw)\.v2$/;

/** What is to be done with a folder before it can hold the cache. */
export type FolderWork = 'none' | 'make' | 'own' | { readonly refused: string };

export function folderWork(folder: DataFolder | undefined, owner: string, canChown: boolean): FolderWork {
  if (!folder) return 'none';
  if (folder.state === 'unknown') return { refused: folder.saw };
  if (folder.state === 'other') return { refused: 'it is no folder' };
  if (folder.state === 'absent')
    return folder.isWritable || canChown ? 'make' : { refused: 'it is absent, and you may not make it' };
  const { entries } = folder;
  const foreign = entries.find(({ name }) => !own.test(name));
  const others = [folder, ...entries].some((one) => one.owner !== owner);
  if (!others && folder.mode.at(-3)?.match(/[237]/) !== null) return 'none';
  if (foreign) return { refused: `it holds other things (${foreign.name}) and belongs to ${folder.owner}` };
  if (entries.some((one) => one.owner !== folder.owner))
    return {
      refused: `its folders have different owners (${folder.owner}, ${entries.map((one) => one.owner).join(', ')}), which could not be put back`,
    };
  return canChown ? 'own' : { refused: `it belongs to ${folder.owner}, and you may not change that` };
}

function folderCheck({ deployment, target: { folder }, place, owner }: Checked): Check {
  const line = { id: 'data', title: `folder ${deployment.data}` };
  const work = folderWork(folder, owner, place.canBecomeRoot);
  if (typeof work === 'object')
    return {
      ...line,
      state: 'problem',
      saw: work.refused,
      fix: `Choose another folder or a volume (--set data=bazel-cache), or on the host: chown -R ${owner}`,
    };
  const saw = {
    none: `there, and ${owner}’s`,
    make: `absent: it will be made and given to ${owner}${ownerOf(deployment) === owner ? ', who the image runs as' : ''}`,
    own: `there, and ${folder?.state === 'directory' ? folder.owner : 'somebody'}’s: it will be given to ${owner}, without which the container only restarts`,
  };
  return { ...line, state: 'fine', saw: saw[work] };
}

function volumeCheck({ deployment, target }: Checked): Check {
  return {
    id: 'data',
    title: `volume ${deployment.data}`,
    state: 'warning',
    saw: `${target.hasVolume ? 'there' : 'absent: it will be made, as the image’s user'}; docker system prune --volumes takes it when no container uses it`,
  };
}
