import type { Planning, TaskSetting } from '../task.ts';

/** What may be set, for the way of getting the key that was chosen. */
export async function settings({ choice }: Planning): Promise<readonly TaskSetting[]> {
  const own = choice.option === undefined ? [] : (ofOption[choice.option] ?? []);
  return [...own, ...always];
}

const always: readonly TaskSetting[] = [
  {
    name: 'store-path',
    title: 'A store path in the cache, to check the key with',
    because: 'without it, paths of CI logs and of the last build here are tried',
  },
  {
    name: 'documents',
    title: 'Change the key in documents too',
    value: 'no',
    choices: ['no', 'yes'],
    because: 'documents are no settings; a wrong key in them misleads readers',
  },
  {
    name: 'token',
    title: 'Where the token for a private cache comes from',
    value: 'environment',
    choices: ['environment', 'gitlab'],
    because:
      'gitlab reads ATTIC_TOKEN of the project’s variables, which is never shown, and sends it to the cache',
  },
];

const ofOption: Readonly<Record<string, readonly TaskSetting[]>> = {
  'init-cache': [{ name: 'path', title: 'The folder of the attic-cache checkout' }],
  cli: [
    {
      name: 'program',
      title: 'The program to ask',
      choices: ['kubectl', 'attic'],
      because: 'the first that is here and answers, when it is not set',
    },
    { name: 'login', title: 'The server as attic login named it', because: 'attic’s default server else' },
    { name: 'namespace', title: 'The namespace of the configmap', value: 'nix-cache' },
    { name: 'configmap', title: 'The configmap that holds the key', value: 'attic-config' },
    { name: 'field', title: 'The field of the configmap', value: 'public-key' },
  ],
  paste: [{ name: 'key', title: 'The key: name:base64' }],
};

/** What was set, or what stands for it. */
export function settingOf(
  { choice }: Pick<Planning, 'choice'>,
  name: string,
  otherwise?: string,
): string | undefined {
  const set = Object.hasOwn(choice.settings, name) ? choice.settings[name] : undefined;
  return set === undefined || set === '' ? otherwise : set;
}
