import { createHash } from 'node:crypto';
import { type Answer, AnswerError, json, type Request } from '../../http/answer.ts';
import { createRouter } from '../../http/router.ts';
import type { World } from '../model/world.ts';
import { approvalRoutes } from './approvals.ts';
import { commitRoutes } from './commits.ts';
import { compareRoutes } from './compare.ts';
import { authenticate, type Context, needScope } from './context.ts';
import { fileRoutes } from './files.ts';
import { identityRoutes } from './identity.ts';
import { inputsOf } from './inputs.ts';
import { jobRoutes } from './jobs.ts';
import { lintRoutes } from './lint.ts';
import { mergeRequestRoutes } from './mergeRequests.ts';
import { mergeRequestPipelines, pipelineRoutes } from './pipelines.ts';
import { protectionRoutes } from './protections.ts';
import { registryRoutes } from './registry.ts';
import { repositoryRoutes } from './repository.ts';
import type { GitLabRoute } from './route.ts';
import { runnerRoutes } from './runners.ts';
import { variableRoutes } from './variables.ts';

const prefix = '/api/v4';

const router = createRouter<Context>(
  [
    ...identityRoutes,
    ...variableRoutes,
    ...pipelineRoutes,
    ...mergeRequestPipelines,
    ...jobRoutes,
    ...runnerRoutes,
    ...protectionRoutes,
    ...repositoryRoutes,
    ...fileRoutes,
    ...commitRoutes,
    ...compareRoutes,
    ...mergeRequestRoutes,
    ...approvalRoutes,
    ...lintRoutes,
    ...registryRoutes,
  ].map((route) => ({ ...route, pattern: `${prefix}${route.pattern}` })),
);

/** Answers a request below `/api/v4`. */
export async function answerRest(request: Request, world: World, server: string): Promise<Answer> {
  const now = world.now();
  const token = authenticate(request, world, now);
  const found = router.match(request.method, request.path);
  if ('otherMethods' in found)
    return found.otherMethods.length > 0
      ? json({ error: '405 Not Allowed' }, 405, { Allow: found.otherMethods.join(', ') })
      : json({ error: '404 Not Found' }, 404);
  const { reads = ['api', 'read_api'] } = found.route as GitLabRoute;
  const needed = request.method === 'GET' ? reads : ['api'];
  if (needed !== 'any') needScope(token, needed);
  const inputs = await inputsOf(request);
  const context = { world, token, now, server, inputs };
  return tagged(request, await found.route.handle({ ...request, params: found.params }, context));
}

/** A weak entity tag for what is read, and 304 for who has it already. */
function tagged({ method, headers }: Request, answer: Answer): Answer {
  const { body, status } = answer;
  if (method !== 'GET' || status !== 200 || (typeof body !== 'string' && !(body instanceof Uint8Array)))
    return answer;
  const etag = `W/"${createHash('md5').update(body).digest('hex')}"`;
  const all = { ...answer.headers, ETag: etag, 'Cache-Control': 'max-age=0, private, must-revalidate' };
  return headers['if-none-match'] === etag ? { status: 304, headers: all } : { ...answer, headers: all };
}

/** `GET /oauth/token/info`: of OAuth tokens alone. */
export function answerTokenInfo(request: Request, world: World): Answer {
  const now = world.now();
  const token = authenticate(request, world, now);
  if (token.kind !== 'oauth') {
    const error_description = 'The access token is invalid';
    throw new AnswerError(json({ error: 'invalid_token', error_description, state: 'unauthorized' }, 401));
  }
  const left = Math.floor((token.expiresAt - now) / 1000);
  return json({
    resource_owner_id: token.user.id,
    scope: token.scopes,
    expires_in: left,
    application: { uid: 'f3b0c4' },
    created_at: Math.floor(token.createdAt / 1000),
    scopes: token.scopes,
    expires_in_seconds: left,
  });
}
