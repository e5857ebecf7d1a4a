import { createHash } from 'node:crypto';
import { type Blob, type Commit, objectId } from '../../checkout/objects.ts';
import { json, type Request } from '../../http/answer.ts';
import type { Action } from '../model/commits.ts';
import { project } from '../model/places.ts';
import { committed } from './commits.ts';
import { type Context, notFound } from './context.ts';
import { flagOf, required, textOf } from './inputs.ts';
import { commitOf, projectOf } from './lookup.ts';
import type { GitLabRoute } from './route.ts';

const pattern = '/projects/:id/repository/files/:path';

/** Files of a ref, one at a time. */
export const fileRoutes: readonly GitLabRoute[] = [
  {
    method: 'GET',
    pattern: `${pattern}/raw`,
    handle: (request, context) => {
      const { file, facts } = fileOf(request, context);
      return {
        status: 200,
        headers: {
          ...headers(facts),
          'Content-Type': 'text/plain; charset=utf-8',
          'Content-Disposition': `inline; filename="${facts.file_name}"`,
        },
        body: file.content,
      };
    },
  },
  {
    method: 'GET',
    pattern,
    handle: (request, context) => {
      const { file, facts } = fileOf(request, context);
      return json({ ...facts, content: file.content.toString('base64') }, 200, headers(facts));
    },
  },
  ...(['POST', 'PUT', 'DELETE'] as const).map(
    (method): GitLabRoute => ({
      method,
      pattern,
      handle: ({ params }, context) => {
        projectOf(context, params.id);
        const { inputs } = context;
        const branch = required(inputs, 'branch');
        const path = params.path ?? '';
        const last = textOf(inputs.last_commit_id);
        const executable = flagOf(inputs.execute_filemode);
        const action: Action = {
          action: { POST: 'create', PUT: 'update', DELETE: 'delete' }[method],
          path,
          ...(method === 'DELETE'
            ? {}
            : {
                content: Buffer.from(
                  required(inputs, 'content'),
                  inputs.encoding === 'base64' ? 'base64' : 'utf8',
                ),
              }),
          ...(executable === undefined ? {} : { isExecutable: executable }),
          ...(last === undefined ? {} : { lastCommit: last }),
        };
        committed(context, [action]);
        if (method === 'DELETE') return { status: 204 };
        return json({ file_path: path, branch }, method === 'POST' ? 201 : 200);
      },
    }),
  ),
];

function fileOf({ params }: Request, context: Context) {
  projectOf(context, params.id);
  const ref = textOf(context.inputs.ref) ?? project.defaultBranch;
  const commit = commitOf(context, ref);
  const path = params.path ?? '';
  const file = commit.tree.get(path);
  if (!file) throw notFound('File');
  return { file, facts: factsOf(context, commit, path, file, ref) };
}

function factsOf({ world }: Context, commit: Commit, path: string, file: Blob, ref: string) {
  return {
    file_name: path.slice(path.lastIndexOf('/') + 1),
    file_path: path,
    size: file.content.length,
    encoding: 'base64',
    content_sha256: createHash('sha256').update(file.content).digest('hex'),
    ref,
    blob_id: objectId('blob', file.content),
    commit_id: commit.sha,
    last_commit_id: world.repository.lastChange(commit, path).sha,
    execute_filemode: file.mode === '100755',
  };
}

function headers(facts: ReturnType<typeof factsOf>): Record<string, string> {
  const named = Object.entries(facts).map(([name, value]) => {
    const words = name.split('_').map((word) => `${word[0]?.toUpperCase() ?? ''}${word.slice(1)}`);
    return [`X-Gitlab-${words.join('-')}`, String(value)];
  });
  return Object.fromEntries(named);
}
