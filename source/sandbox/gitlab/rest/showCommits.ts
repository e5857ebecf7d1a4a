import type { Commit } from '../../checkout/objects.ts';
import { project } from '../model/places.ts';
import type { Context } from './context.ts';
import { projectUrl, time } from './show.ts';

/** `API_Entities_Commit`. */
export function showCommit(commit: Commit, context: Pick<Context, 'server'>) {
  const { sha, parents, author, message } = commit;
  const at = time(commit.at * 1000);
  return {
    id: sha,
    short_id: sha.slice(0, 8),
    created_at: at,
    parent_ids: parents,
    title: message.split('\n')[0] ?? '',
    message,
    author_name: author.name,
    author_email: author.email,
    authored_date: at,
    committer_name: author.name,
    committer_email: author.email,
    committed_date: at,
    trailers: {},
    extended_trailers: {},
    web_url: `${projectUrl(context)}/-/commit/${sha}`,
  };
}

/** `API_Entities_Branch`. */
export function showBranch(name: string, context: Context) {
  const { world, token } = context;
  const sha = world.repository.branches.get(name) ?? '';
  const commit = world.repository.commits.get(sha);
  const isProtected = world.isProtected(name, false);
  const main = world.repository.find(project.defaultBranch);
  const merged =
    name !== project.defaultBranch &&
    main !== undefined &&
    [...world.repository.log(main)].some((one) => one.sha === sha);
  return {
    name,
    commit: commit ? showCommit(commit, context) : null,
    merged,
    protected: isProtected,
    developers_can_push: false,
    developers_can_merge: false,
    can_push: isProtected ? token.access >= 40 : token.access >= 30,
    default: name === project.defaultBranch,
    web_url: `${projectUrl(context)}/-/tree/${name}`,
  };
}

/** `API_Entities_Tag`, of a lightweight tag. */
export function showTag(name: string, context: Context) {
  const { world } = context;
  const sha = world.repository.tags.get(name) ?? '';
  const commit = world.repository.commits.get(sha);
  return {
    name,
    message: '',
    target: sha,
    commit: commit ? showCommit(commit, context) : null,
    release: null,
    protected: world.isProtected(name, true),
    created_at: null,
  };
}
