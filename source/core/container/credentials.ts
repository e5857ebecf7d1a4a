import type { ImageJob } from './imageJob.ts';
import type { Login } from './step.ts';

/** Docker Hub's name in Docker's configuration. */
const hub = 'https://index.docker.io/v1/';

/**
 * Shell lines that write Docker's configuration, for builders that know no `login`. `base64` breaks long lines, and job
 * tokens are long: the line ends are taken out.
 */
export function credentialLines(logins: readonly Login[], folder: string): string[] {
  const form = logins.map(() => '"%s":{"auth":"%s"}').join(',');
  const values = logins.map(({ user, password, registry }) => {
    const name = registry?.raw ?? `"${hub}"`;
    return `${name} "$(printf '%s:%s' ${user.raw} ${password.raw} | base64 | tr -d '\\n')"`;
  });
  return [`mkdir -p ${folder}`, `printf '{"auths":{${form}}}' ${values.join(' ')} > ${folder}/config.json`];
}

/** The command that logs in to the project's own registry. */
export function loginLine(program: 'docker' | 'buildah'): string {
  return `echo "$CI_REGISTRY_PASSWORD" | ${program} login --username "$CI_REGISTRY_USER" --password-stdin "$CI_REGISTRY"`;
}

/** Whether the job does nothing that would let it write to the project's own registry. */
export function lacksLogin({ steps, variables, items }: ImageJob): boolean {
  const isByHand =
    variables.DOCKER_AUTH_CONFIG !== undefined ||
    items.some(({ text }) => /\.docker\b|DOCKER_CONFIG|DOCKER_AUTH_CONFIG|auth\.json/.test(text));
  return (
    !isByHand &&
    steps.every(
      (step) =>
        step.kind !== 'login' ||
        (step.login !== undefined &&
          !/CI_REGISTRY(?!_(?:USER|PASSWORD))/.test(step.login.registry?.text ?? '')),
    )
  );
}

/** What GitLab gives each job for the project's own registry. */
export const jobLogin: Login = {
  user: word('"$CI_REGISTRY_USER"'),
  password: word('"$CI_REGISTRY_PASSWORD"'),
  registry: word('"$CI_REGISTRY"'),
};

function word(raw: string): Login['user'] {
  return { raw, text: raw.slice(1, -1), isPlain: true };
}
