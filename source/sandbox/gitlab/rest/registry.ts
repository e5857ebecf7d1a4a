import { json } from '../../http/answer.ts';
import { project } from '../model/places.ts';
import type { ImageRepository, ImageTag } from '../model/registry.ts';
import { type Context, notFound } from './context.ts';
import { flagOf } from './inputs.ts';
import { groupOf, projectOf } from './lookup.ts';
import { paged } from './paging.ts';
import type { GitLabRoute } from './route.ts';
import { registryHost, time } from './show.ts';

function pathOf({ name }: ImageRepository): string {
  return name === '' ? project.path : `${project.path}/${name}`;
}

/** `API_Entities_ContainerRegistry_Repository`. */
function showRepository(repository: ImageRepository, { inputs }: Pick<Context, 'inputs'>) {
  const tags = [...repository.tags.values()];
  return {
    id: repository.id,
    name: repository.name,
    path: pathOf(repository),
    project_id: project.id,
    location: `${registryHost}/${pathOf(repository)}`,
    created_at: time(repository.createdAt),
    cleanup_policy_started_at: null,
    status: null,
    ...(flagOf(inputs.tags_count) || flagOf(inputs.tags) ? { tags_count: tags.length } : {}),
    ...(flagOf(inputs.tags) ? { tags: tags.map((tag) => showTag(tag, repository)) } : {}),
    ...(flagOf(inputs.size) ? { size: tags.reduce((total, { size }) => total + size, 0) } : {}),
  };
}

/** `API_Entities_ContainerRegistry_Tag`. */
function showTag({ name }: ImageTag, repository: ImageRepository) {
  const path = `${pathOf(repository)}:${name}`;
  return { name, path, location: `${registryHost}/${path}` };
}

function repositoryOf({ world }: Context, id: string | undefined): ImageRepository {
  const found = world.registry.repositories.find((one) => String(one.id) === id);
  if (!found) throw notFound();
  return found;
}

const tags = '/projects/:id/registry/repositories/:repository/tags';

export const registryRoutes: readonly GitLabRoute[] = [
  {
    method: 'GET',
    pattern: '/projects/:id/registry/repositories',
    handle: (request, context) => {
      projectOf(context, request.params.id);
      return paged(request, context, context.world.registry.repositories, (one) =>
        showRepository(one, context),
      );
    },
  },
  {
    method: 'GET',
    pattern: '/groups/:id/registry/repositories',
    handle: (request, context) => {
      groupOf(context, request.params.id);
      return paged(request, context, context.world.registry.repositories, (one) =>
        showRepository(one, context),
      );
    },
  },
  {
    method: 'GET',
    pattern: '/registry/repositories/:repository',
    handle: ({ params }, context) => json(showRepository(repositoryOf(context, params.repository), context)),
  },
  {
    method: 'GET',
    pattern: tags,
    handle: (request, context) => {
      projectOf(context, request.params.id);
      const repository = repositoryOf(context, request.params.repository);
      return paged(request, context, [...repository.tags.values()], (tag) => showTag(tag, repository));
    },
  },
  {
    method: 'GET',
    pattern: `${tags}/:tag`,
    handle: ({ params }, context) => {
      projectOf(context, params.id);
      const repository = repositoryOf(context, params.repository);
      const tag = repository.tags.get(params.tag ?? '');
      if (!tag) throw notFound('Tag');
      const revision = tag.digest.slice('sha256:'.length);
      return json({
        ...showTag(tag, repository),
        revision,
        short_revision: revision.slice(0, 9),
        digest: tag.digest,
        created_at: time(tag.createdAt),
        total_size: tag.size,
      });
    },
  },
];
