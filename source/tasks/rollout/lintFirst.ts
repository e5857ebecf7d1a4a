import type { Configuration } from '../../core/ci/model.ts';
import { plain } from '../../core/ci/yaml/node.ts';
import { asFailure, isAbort } from '../../core/failure.ts';
import type { Planning, Preflight } from '../task.ts';
import { dryRuns } from './dryRuns.ts';
import { tagOf } from './reading.ts';
import type { Worked } from './workOut.ts';

const line = { id: 'project-lint', title: 'GitLab’s lint' };

/**
 * Asks the project's lint, before anything is pushed, which jobs the changed configuration would have on the default branch and
 * on the newest tag. A problem where GitLab would refuse it, or make others than were predicted.
 */
export async function lintFirst(
  { workspace, signal }: Pick<Planning, 'workspace' | 'signal'>,
  worked: Worked,
): Promise<Preflight> {
  const { gitlab } = workspace;
  if ('off' in gitlab) return { ...line, state: 'unknown', saw: `not asked: ${gitlab.off}` };
  const { checkout, after } = worked;
  const tag = tagOf(checkout);
  const events = {
    [checkout.defaultBranch]: after.sets.get('push'),
    ...(checkout.refs?.includes(tag) ? { [tag]: after.sets.get('tag') } : {}),
  };
  const asked = Object.entries(events).flatMap(([as, set]) => {
    const content = set && contentOf(worked, set.configuration, as);
    return content === undefined ? [] : [{ as, content, names: set?.jobs.map(({ name }) => name) ?? [] }];
  });
  if (asked.length === 0)
    return {
      ...line,
      state: 'unknown',
      saw: 'not asked: the changed files include others that this checkout does not hold',
    };
  const contents = new Map(asked.map(({ as, content }) => [as, content]));
  const expected = Object.fromEntries(asked.map(({ as, names }) => [as, names]));
  try {
    const { said, wrong } = await dryRuns(
      (as) => gitlab.service.lintContent({ content: contents.get(as) ?? '', as }, signal),
      expected,
    );
    if (!wrong) return { ...line, state: 'fine', saw: said.join('; ') || 'no event has jobs to ask for' };
    return {
      ...line,
      state: 'problem',
      saw: `on ${wrong.as}: ${wrong.saw}`,
      fix: 'See what decides it: the default branch may have moved (git pull), or a rule may read a variable of the project. Then plan again.',
    };
  } catch (thrown) {
    if (isAbort(thrown)) throw thrown;
    return { ...line, state: 'unknown', saw: `not asked: ${asFailure(thrown, 'lint').message}` };
  }
}

/**
 * What is given to the lint for a ref: for the default branch the entry file as it will be, where that is all that changes, so
 * that its includes are read from the server. Else the whole as one file, in JSON, which every reader of YAML reads alike;
 * undefined where a part of it is not here.
 */
function contentOf(
  { files, entry, checkout }: Worked,
  configuration: Configuration,
  as: string,
): string | undefined {
  const [first] = files;
  if (as === checkout.defaultBranch && first?.path === entry && files.length === 1) return first.after;
  return configuration.unresolved.length > 0 ? undefined : JSON.stringify(plain(configuration.root));
}
