import type { Section } from '../host/sections.ts';
import { plain } from '../text/safe.ts';

/** A file of a unit as it is on the host. */
export type UnitFile =
  | { readonly state: 'absent' }
  | { readonly state: 'there'; readonly base64: string; readonly text: string }
  | { readonly state: 'unknown'; readonly saw: string };

/** A file that the container reads. */
export type HostFile =
  | { readonly state: 'absent' }
  | { readonly state: 'there'; readonly owner: string; readonly mode: string }
  | { readonly state: 'unknown'; readonly saw: string };

/** What of units and files is on the host for one deployment. */
export interface UnitSurvey {
  readonly systemd: UnitFile;
  readonly quadlet: UnitFile;
  readonly isActive: boolean;
  readonly isEnabled: boolean;
  /** By path. */
  readonly files: ReadonlyMap<string, HostFile>;
}

/** `paths` are those that were asked for, in that order. */
export function unitSurvey(sections: readonly Section[], paths: readonly string[]): UnitSurvey {
  const one = (name: string): Section | undefined => sections.find((section) => section.name === name);
  const files = sections.filter(({ name }) => name === 'file').map(fileOf);
  return {
    systemd: unitFile(one('systemd')),
    quadlet: unitFile(one('quadlet')),
    isActive: one('active')?.text === 'active',
    isEnabled: one('enabled')?.text === 'enabled',
    files: new Map(paths.map((path, index) => [path, files[index] ?? unasked])),
  };
}

const unasked = { state: 'unknown', saw: 'it was not looked at' } as const;

function unitFile(section: Section | undefined): UnitFile {
  const [state, ...lines] = section?.text.split('\n') ?? [];
  if (section?.status !== 0 || (state !== 'there' && state !== 'absent'))
    return { state: 'unknown', saw: plain(section?.text ?? unasked.saw, 300) };
  if (state === 'absent') return { state };
  const base64 = lines.join('').replace(/\s/g, '');
  return { state, base64, text: Buffer.from(base64, 'base64').toString('utf8') };
}

function fileOf({ text, status }: Section): HostFile {
  const [, owner, mode] = /^(\d+:\d+) (\d+) regular (?:empty )?file$/.exec(text) ?? [];
  if (status === 0 && owner !== undefined && mode !== undefined) return { state: 'there', owner, mode };
  if (/no such file/i.test(text)) return { state: 'absent' };
  return { state: 'unknown', saw: plain(status === 0 ? 'it is no regular file' : text, 200) };
}

/** Whether a user may read a file, by its owner and mode. */
export function mayRead({ owner, mode }: { owner: string; mode: string }, reader: string): boolean {
  const [uid, gid] = owner.split(':');
  const [readerUid, readerGid] = reader.split(':');
  const digits = mode.padStart(3, '0').slice(-3);
  const digit = uid === readerUid ? digits[0] : gid === readerGid ? digits[1] : digits[2];
  return readerUid === '0' || (Number(digit) & 4) !== 0;
}
