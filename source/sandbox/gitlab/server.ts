import { type Answer, text } from '../http/answer.ts';
import { startHttpServer } from '../http/server.ts';
import { createGitServer, isGit } from './git.ts';
import { answerGraphql } from './graphql/answer.ts';
import { project } from './model/places.ts';
import { hex, seededRandom } from './model/random.ts';
import { World, type WorldOptions } from './model/world.ts';
import { answerRest, answerTokenInfo } from './rest/api.ts';
import { createRateLimiter } from './rest/limit.ts';

export interface GitLabOptions extends WorldOptions {
  /** A free one when absent. */
  readonly port?: number;
  /** What GitLab lets through in a minute; more than a dashboard asks for when absent. */
  readonly requestsPerMinute?: number;
}

/** Values of the tokens that the server knows, by what they are good for. */
export type TokenValues = Readonly<Record<keyof World['tokens'], string>>;

export interface SandboxGitLab {
  readonly url: string;
  readonly tokens: TokenValues;
  /** `tinyland/ai/huskycat`. */
  readonly project: string;
  /** What the server serves, for tests that look at both sides. */
  readonly world: World;
  stop(): Promise<void>;
}

/** Starts a GitLab of one project, whose pipelines run on the world's clock. */
export async function startGitLab(options: GitLabOptions): Promise<SandboxGitLab> {
  const world = new World(options);
  const limiter = createRateLimiter(options.requestsPerMinute ?? 6000, world.clock);
  const answerGit = createGitServer(world);
  const random = seededRandom('requests');
  let url = '';
  const server = await startHttpServer({
    ...(options.port === undefined ? {} : { port: options.port }),
    headers: () => ({
      ...limiter.headers(),
      Date: new Date(world.clock.now()).toUTCString(),
      Vary: 'Origin',
      'X-Request-Id': hex(random, 32),
      'X-Gitlab-Meta': '{"correlation_id":"sandbox","version":"1"}',
    }),
    handle: (request): Answer | Promise<Answer> => {
      if (isGit(request)) return answerGit(request);
      const refusal = limiter.count();
      if (refusal) return refusal;
      if (request.path === '/oauth/token/info') return answerTokenInfo(request, world);
      if (request.path === '/api/graphql' && request.method === 'POST')
        return answerGraphql(request, world, url);
      if (request.path.startsWith('/api/v4/')) return answerRest(request, world, url);
      return text('Not Found', 404);
    },
  });
  url = server.url;
  const values = Object.entries(world.tokens).map(([name, { value }]) => [name, value]);
  return {
    url,
    tokens: Object.fromEntries(values) as TokenValues,
    project: project.path,
    world,
    stop: () => server.stop(),
  };
}
