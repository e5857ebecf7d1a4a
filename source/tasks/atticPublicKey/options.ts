import { partValue } from '../../core/datum.ts';
import type { Planning, TaskOption } from '../task.ts';
import { tokenName } from './access.ts';
import { findProgram } from './programs.ts';

/** The ways to get the key, in the order they are worth trying. */
export async function options(planning: Omit<Planning, 'choice'>): Promise<readonly TaskOption[]> {
  const server = serverOption(planning);
  const programs = await Promise.all(['kubectl', 'attic'].map((name) => findProgram(planning, name)));
  const hasProgram = programs.some((path) => path !== undefined);
  return [
    server,
    {
      name: 'init-cache',
      title: 'Run scripts/init-cache.sh of an attic-cache checkout',
      tradeOff: 'The plan’s own way; runs somebody else’s script with a token, and may create the cache.',
      ...('service' in planning.workspace.attic
        ? { possible: true, because: 'needs the checkout: path=FOLDER' }
        : { possible: false, because: planning.workspace.attic.off }),
      recommended: false,
    },
    {
      name: 'cli',
      title: 'Ask kubectl or the attic program',
      tradeOff: 'Sees what the administrator set; needs a login to the cluster, or attic login.',
      possible: hasProgram,
      ...(hasProgram ? {} : { because: 'neither kubectl nor attic is installed here' }),
      recommended: !server.recommended && hasProgram,
    },
    {
      name: 'paste',
      title: 'Give the key',
      tradeOff: 'Works without any access; as right as whoever told it, so it is checked like the others.',
      possible: true,
      because: 'needs the key: key=NAME:BASE64',
      recommended: !server.recommended && !hasProgram,
    },
    {
      name: 'derive',
      title: 'Derive it from the key that signs tokens',
      tradeOff: 'None: it would handle the secret that all tokens rest on, for nothing.',
      possible: false,
      because:
        'the cache signs with an Ed25519 key of its own, made at random; the RSA key of the tokens says nothing of it',
      recommended: false,
    },
  ];
}

function serverOption({ workspace, known }: Omit<Planning, 'choice'>): TaskOption {
  const base = {
    name: 'server',
    title: 'Ask the server (cache-config)',
    tradeOff:
      'One request, always what the server signs with; needs ATTIC_TOKEN only if the cache is private.',
  };
  if ('off' in workspace.attic)
    return { ...base, possible: false, because: workspace.attic.off, recommended: false };
  const config = known.attic.value?.config;
  const failure = config && 'failure' in config ? config.failure : known.attic.failure;
  const needsToken = ['token-wanted', 'token-not-accepted', 'no-right'].includes(failure?.code ?? '');
  if (failure && needsToken && hasTokenInGitLab(known))
    return {
      ...base,
      possible: true,
      because: `${failure.saw} GitLab has a ${tokenName}: token=gitlab takes that`,
      recommended: false,
    };
  if (failure && needsToken)
    return {
      ...base,
      possible: false,
      because: `${failure.saw} ${failure.next[0] ?? ''}`,
      recommended: false,
    };
  const isPublic = partValue(config)?.isPublic;
  const because =
    isPublic === undefined ? 'the shortest way' : isPublic ? 'the cache is public' : 'the token may pull';
  return { ...base, possible: true, because, recommended: true };
}

function hasTokenInGitLab({ variables }: Omit<Planning, 'choice'>['known']): boolean {
  const all = variables.value?.variables ?? [];
  return all.some(({ key, value }) => key === tokenName && value !== undefined && !value.empty);
}
