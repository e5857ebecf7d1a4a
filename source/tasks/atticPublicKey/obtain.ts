import { partValue } from '../../core/datum.ts';
import { plain } from '../../core/text/safe.ts';
import type { Planning } from '../task.ts';
import { atticWith } from './access.ts';
import { fromScript } from './initCache.ts';
import type { Obtained } from './obtained.ts';
import { findProgram, outputOf } from './programs.ts';
import { settingOf } from './settings.ts';

/** Gets the key in the way that was chosen; changes nothing. */
export async function obtain(planning: Planning): Promise<Obtained> {
  switch (planning.choice.option) {
    case 'init-cache':
      return fromScript(planning);
    case 'cli':
      return fromPrograms(planning);
    case 'paste': {
      const key = settingOf(planning, 'key')?.trim();
      return key === undefined
        ? { refused: 'no key was given', fix: 'Set key=NAME:BASE64, as attic cache info shows it.' }
        : { key, from: 'what was given' };
    }
    default:
      return fromServer(planning);
  }
}

async function fromServer(planning: Planning): Promise<Obtained> {
  const { workspace, signal } = planning;
  const attic = await atticWith(workspace, settingOf(planning, 'token'), signal);
  if (!attic)
    return {
      refused: 'no cache is configured',
      fix: 'off' in workspace.attic ? workspace.attic.off : '',
    };
  const { config } = await attic.look({}, signal);
  if ('failure' in config)
    return { refused: `${config.failure.tried}: ${config.failure.saw}`, fix: config.failure.next.join(' ') };
  const key = partValue(config)?.publicKey;
  return key === undefined
    ? { refused: 'the server gives no key', fix: 'Take another way: --option cli or paste.' }
    : { key, from: `cache-config of ${attic.url}` };
}

async function fromPrograms(planning: Planning): Promise<Obtained> {
  const { workspace, signal } = planning;
  const only = settingOf(planning, 'program');
  const tried: string[] = [];
  const kubectl = only === 'attic' ? undefined : await findProgram(planning, 'kubectl');
  if (kubectl !== undefined) {
    const name = settingOf(planning, 'configmap', 'attic-config') ?? '';
    const namespace = settingOf(planning, 'namespace', 'nix-cache') ?? '';
    const field = settingOf(planning, 'field', 'public-key') ?? '';
    const path = `jsonpath={.data.${field.replaceAll('.', '\\.')}}`;
    const asked = ['get', 'configmap', `--namespace=${namespace}`, `--output=${path}`, '--', name] as const;
    const said = await outputOf([kubectl, ...asked], signal);
    const key = said?.stdout.trim();
    if (key) return { key, from: `kubectl, configmap ${plain(name)} in ${plain(namespace)}` };
    tried.push(`kubectl gives no ${plain(field)} of the configmap ${plain(name)} in ${plain(namespace)}`);
  }
  const attic = only === 'kubectl' ? undefined : await findProgram(planning, 'attic');
  if (attic !== undefined && 'service' in workspace.attic) {
    const cache = workspace.attic.service.url.split('/').at(-1) ?? '';
    const login = settingOf(planning, 'login');
    const reference = login === undefined ? cache : `${login}:${cache}`;
    const said = await outputOf([attic, 'cache', 'info', '--', reference], signal);
    // It prints what it finds to standard error.
    const [, key] = /^\s*Public Key: *(\S+)/m.exec(`${said?.stderr ?? ''}\n${said?.stdout ?? ''}`) ?? [];
    if (key) return { key, from: `attic cache info ${plain(reference)}` };
    tried.push(`attic cache info ${plain(reference)} shows no key`);
  }
  return {
    refused: tried.join('; ') || 'neither kubectl nor attic is installed here',
    fix: 'Log in to the cluster (kubectl) or to the server (attic login NAME URL TOKEN), or take another way.',
  };
}
