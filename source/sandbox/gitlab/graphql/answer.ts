import { buildSchema, execute, GraphQLError, parse, validate } from 'graphql';
import { type Answer, AnswerError, json, type Request } from '../../http/answer.ts';
import { groups, project } from '../model/places.ts';
import { runners } from '../model/runners.ts';
import type { World } from '../model/world.ts';
import { authenticate, type Context, needScope } from '../rest/context.ts';
import { version } from '../rest/identity.ts';
import { inputsOf, objectOf, textOf } from '../rest/inputs.ts';
import { tooMuch } from './complexity.ts';
import { configNode } from './config.ts';
import { connection, type Paging } from './connection.ts';
import type { GraphContext } from './context.ts';
import { groupNode, projectNode } from './places.ts';
import { runnerNode } from './runners.ts';
import { sdl } from './sdl.ts';
import { userNode } from './users.ts';
import { inGitLabsWords } from './words.ts';

const schema = buildSchema(sdl);

/** Answers `POST /api/graphql`. */
export async function answerGraphql(request: Request, world: World, server: string): Promise<Answer> {
  const now = world.now();
  const token = known(request, world, now);
  needScope(token, ['api', 'read_api']);
  const inputs = await inputsOf(request);
  const source = textOf(inputs.query) ?? '';
  const operationName = textOf(inputs.operationName);
  if (source.trim() === '') return json({ errors: [{ message: 'No query string was present' }] });
  const parsed = parsedOrError(source);
  if (parsed instanceof GraphQLError) return json({ errors: [inGitLabsWords(parsed)] });
  const problems = validate(schema, parsed);
  if (problems.length > 0) return json({ errors: problems.map(inGitLabsWords) });
  const refusal = tooMuch(schema, parsed);
  if (refusal !== undefined) return json({ errors: [{ message: refusal }] });
  const result = await execute({
    schema,
    document: parsed,
    rootValue: root({ world, token, now, server, inputs }),
    variableValues: objectOf(inputs.variables),
    ...(operationName === undefined ? {} : { operationName }),
  });
  return json(result.errors ? { ...result, errors: result.errors.map(inGitLabsWords) } : result);
}

/** The token; GraphQL has a 401 of its own. */
function known(request: Request, world: World, now: number) {
  try {
    return authenticate(request, world, now);
  } catch (thrown) {
    if (thrown instanceof AnswerError)
      throw new AnswerError(json({ errors: [{ message: 'Invalid token' }] }, 401));
    throw thrown;
  }
}

function parsedOrError(source: string) {
  try {
    return parse(source);
  } catch (thrown) {
    if (thrown instanceof GraphQLError) return thrown;
    throw thrown;
  }
}

/** What the top level of a query answers; what may not be seen is null. */
function root(request: Context) {
  const context: GraphContext = { ...request, projectNode: () => projectNode(context) };
  const isMember = context.token.access > 0;
  const isProject = (path: string): boolean => isMember && path.toLowerCase() === project.path;
  return {
    project: ({ fullPath }: { fullPath: string }) => (isProject(fullPath) ? projectNode(context) : null),
    projects: (paging: Paging & { fullPaths?: readonly string[] | null }) => {
      const wanted = paging.fullPaths ?? [project.path];
      return connection(wanted.some(isProject) ? [project] : [], paging, () => projectNode(context));
    },
    group: ({ fullPath }: { fullPath: string }) => {
      const found = isMember ? groups.find(({ path }) => path === fullPath.toLowerCase()) : undefined;
      return found ? groupNode(found, context) : null;
    },
    runner: ({ id }: { id: string }) => {
      const found = runners.find((runner) => id === `gid://gitlab/Ci::Runner/${runner.id}`);
      return found && context.token.access >= 40 ? runnerNode(found, context) : null;
    },
    currentUser: () => userNode(context.token.user, context),
    metadata: { ...version, enterprise: true },
    echo: ({ text }: { text: string }) => `"${context.token.user.username}" says: ${text}`,
    ciConfig: ({
      projectPath,
      sha,
      content,
    }: {
      projectPath: string;
      sha?: string | null;
      content: string;
    }) => (isProject(projectPath) ? configNode(sha, content, context) : null),
  };
}
