import type { User } from '../model/runs.ts';
import type { Context } from '../rest/context.ts';

export function userNode({ id, username, name }: User, { server }: Pick<Context, 'server'>) {
  return { id: `gid://gitlab/User/${id}`, username, name, state: 'active', webUrl: `${server}/${username}` };
}
