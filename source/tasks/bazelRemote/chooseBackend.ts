import {
  type Backend,
  type BackendName,
  backendLogins,
  backendSettings,
  missingOf,
  secretVariable,
} from '../../core/bazelRemote/backends.ts';
import type { Preflight } from '../task.ts';
import type { Taking } from './taking.ts';

/** What is behind the disk, where the secret of its login is on the host, and what is missing for it. */
export interface ChosenBackend {
  readonly backend?: Backend;
  readonly secrets?: string;
  readonly problems: readonly Preflight[];
}

/** `file` is where the secret goes unless another place is set. */
export function chooseBackend({ take, always }: Taking, file: string): ChosenBackend {
  const name = always('backend', {
    value: 'disk',
    because:
      'as planned: nothing else to run or to pay, and the disk is the limit. s3, gcs, azure: entries outlive the machine and several can share them; each miss costs a request, and the disk stays in front',
  }) as BackendName;
  if (name === 'disk') return { problems: [] };
  const logins = backendLogins[name];
  const login = always('backend-auth', {
    value: logins[0] ?? '',
    because: `for ${name}: ${logins.join(' or ')}`,
  });
  const settings: Record<string, string> = { 'backend-auth': login };
  for (const one of backendSettings(name)) {
    const value = one === 'backend-auth' ? login : take(one);
    if (value !== undefined) settings[one] = value;
  }
  const backend: Backend = { name, settings };
  const problem = (saw: string, fix: string): Preflight => ({
    id: 'backend',
    title: `backend ${name}`,
    state: 'problem',
    saw,
    fix,
  });
  const secrets =
    secretVariable(backend) === undefined
      ? undefined
      : always('secrets', {
          value: file,
          because:
            'readable for its owner alone; whoever may use the engine still sees what is in it (docker inspect)',
        });
  return {
    backend,
    ...(secrets === undefined ? {} : { secrets }),
    problems: [
      ...(logins.includes(login)
        ? []
        : [problem(`${login} is no login of it`, `--set backend-auth=${logins.join('|')}`)]),
      ...missingOf(backend).map((one) => problem(`${one} is not set`, `--set ${one}=VALUE`)),
      ...(missingOf(backend).length > 0 || !logins.includes(login)
        ? []
        : [
            {
              id: 'backend',
              title: `backend ${name}`,
              state: 'warning' as const,
              saw: 'not tested before the start: whether the bucket is there and the login may use it; bazel-remote starts without, and then only its disk keeps entries',
              fix: 'Look at its log and at its metrics once it runs.',
            },
          ]),
    ],
  };
}
