import { json } from '../../http/answer.ts';
import { type Runner, runners } from '../model/runners.ts';
import { type Context, needRole, notFound, roles } from './context.ts';
import { flagOf, textOf, textsOf } from './inputs.ts';
import { groupOf, projectOf } from './lookup.ts';
import { paged } from './paging.ts';
import type { GitLabRoute } from './route.ts';
import { runnerStatus, showRunner, showRunnerDetails } from './showRunners.ts';

function selected({ inputs }: Context, all: readonly Runner[]): Runner[] {
  const type = textOf(inputs.type);
  const status = textOf(inputs.status);
  const paused = flagOf(inputs.paused);
  const tags = textsOf(inputs.tag_list).flatMap((text) => text.split(','));
  return all.filter(
    (runner) =>
      (type === undefined || runner.type === type) &&
      (status === undefined || runnerStatus(runner) === status) &&
      (paused === undefined || runner.paused === paused) &&
      tags.every((tag) => runner.tags.includes(tag)),
  );
}

export const runnerRoutes: readonly GitLabRoute[] = [
  {
    method: 'GET',
    pattern: '/projects/:id/runners',
    handle: (request, context) => {
      projectOf(context, request.params.id);
      needRole(context, roles.maintainer);
      return paged(request, context, selected(context, runners), (one) => showRunner(one, context));
    },
  },
  {
    method: 'GET',
    pattern: '/groups/:id/runners',
    handle: (request, context) => {
      groupOf(context, request.params.id);
      needRole(context, roles.maintainer);
      return paged(request, context, selected(context, runners), (one) => showRunner(one, context));
    },
  },
  {
    method: 'GET',
    pattern: '/runners',
    handle: (request, context) => {
      const own = context.token.access >= roles.maintainer ? runners : [];
      const all = own.filter(({ type }) => type !== 'instance_type');
      return paged(request, context, selected(context, all), (one) => showRunner(one, context));
    },
  },
  {
    method: 'GET',
    pattern: '/runners/:runner',
    handle: ({ params }, context) => {
      const found = runners.find(({ id }) => String(id) === params.runner);
      if (!found) throw notFound('Runner');
      if (found.type !== 'instance_type') needRole(context, roles.maintainer);
      return json(showRunnerDetails(found, context));
    },
  },
];
