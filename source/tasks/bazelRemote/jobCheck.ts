import type { ClientSettings } from '../../core/bazelRemote/clientFlags.ts';
import { jobCheckYaml } from '../../core/bazelRemote/jobCheck.ts';
import { asFailure, isAbort } from '../../core/failure.ts';
import type { Workspace } from '../../services/workspace.ts';
import type { Preflight } from '../task.ts';

export interface CheckedPlace {
  /** Of gRPC. */
  readonly endpoint: string;
  readonly client: ClientSettings;
  readonly httpPort: number;
  /** False where writers log in. */
  readonly mayWrite?: boolean;
}

/** A job of GitLab that would test the cache from where builds run: shown, checked by the project’s own lint, and not started. */
export async function jobCheck(
  { gitlab }: Workspace,
  { endpoint, client, httpPort, mayWrite = true }: CheckedPlace,
  signal?: AbortSignal,
): Promise<Preflight> {
  const http = endpoint.replace(/^grpc/, 'http').replace(/:\d+$/, `:${httpPort}`);
  const yaml = jobCheckYaml({
    http,
    mayWrite,
    ...(client.certificate === undefined ? {} : { certificate: client.certificate }),
  });
  const line = { id: 'job-check', title: 'a job of GitLab that tests it' };
  const shown = `To run it once, put it on a branch of its own:\n${yaml}`;
  if ('off' in gitlab)
    return { ...line, state: 'unknown', saw: `not checked: ${gitlab.off}. ${shown}`, fix: gitlab.off };
  try {
    const { valid, errors } = await gitlab.service.lintContent({ content: yaml }, signal);
    return valid
      ? { ...line, state: 'fine', saw: `GitLab finds it valid; not run, so jobs stay untested. ${shown}` }
      : { ...line, state: 'warning', saw: `GitLab would refuse it: ${errors.join('; ')}. ${shown}` };
  } catch (thrown) {
    if (isAbort(thrown)) throw thrown;
    return { ...line, state: 'unknown', saw: `not checked: ${asFailure(thrown, 'lint').message}. ${shown}` };
  }
}
