/**
 * What GitLab held `rules:changes` of a pipeline against. `none`: neither a push that moved a branch nor a merge request made
 * it, so that every such rule is true. `unread`: GitLab compared, but cannot tell any more, or not to this role.
 */
export type ChangedPaths =
  | { readonly is: 'known'; readonly since: string; readonly paths: readonly string[] }
  | { readonly is: 'none' }
  | { readonly is: 'unread'; readonly because: string };
