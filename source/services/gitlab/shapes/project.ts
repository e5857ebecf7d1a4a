import * as z from 'zod';
import type { Project } from '../../../core/gitlab/model.ts';
import { known } from '../../../core/known.ts';
import { text, webAddress, whole } from './values.ts';

const access = z.object({ access_level: whole }).nullish();

/** `GET /projects/:id`, and whether its namespace is a group. */
export const projectSchema = z
  .object({
    id: whole,
    path_with_namespace: text,
    default_branch: text.nullish(),
    web_url: webAddress,
    visibility: text.nullish(),
    archived: z.boolean().nullish(),
    ci_config_path: text.nullish(),
    ci_separated_caches: z.boolean().nullish(),
    keep_latest_artifact: z.boolean().nullish(),
    permissions: z.object({ project_access: access, group_access: access }).nullish(),
    namespace: z.object({ kind: text.nullish(), full_path: text.nullish() }).nullish(),
  })
  .transform((row) => {
    const levels = [row.permissions?.project_access, row.permissions?.group_access].flatMap((one) =>
      one ? [one.access_level] : [],
    );
    const project: Project = known({
      id: row.id,
      path: row.path_with_namespace,
      defaultBranch: row.default_branch,
      webUrl: row.web_url,
      visibility: row.visibility,
      archived: row.archived ?? false,
      accessLevel: levels.length > 0 ? Math.max(...levels) : undefined,
      ciConfigPath: row.ci_config_path || undefined,
      separatedCaches: row.ci_separated_caches,
      keepLatestArtifact: row.keep_latest_artifact,
    });
    return { project, isPersonal: row.namespace?.kind === 'user' };
  });

export type FoundProject = z.output<typeof projectSchema>;

/** `GET …/protected_branches` and `…/protected_tags`. */
export const protectedRefs = z
  .array(z.object({ name: text }))
  .transform((rows) => rows.map(({ name }) => name));

/** `GET /metadata` and `/version`. */
export const versionSchema = z
  .object({ version: text, enterprise: z.boolean().nullish() })
  .transform(({ version, enterprise }) => known({ version, enterprise }));

/** `GET …/repository/files/:path`; the text is the file's own, not safe to show. */
export const fileSchema = z
  .object({ content: z.string(), encoding: z.string().nullish(), last_commit_id: text })
  .transform(({ content, encoding, last_commit_id }) => ({
    text: encoding === 'text' ? content : Buffer.from(content, 'base64').toString('utf8'),
    lastCommit: last_commit_id,
  }));

/** `GET /registry/repositories/:id`; it tells the size only when asked for it. */
export const repositorySchema = z
  .object({ id: whole, path: text, location: text, tags_count: whole.nullish(), size: whole.nullish() })
  .transform(({ id, path, location, tags_count, size }) =>
    known({ id, path, location, tagCount: tags_count, size }),
  );

/** `GET …/registry/repositories`. */
export const repositories = z.array(repositorySchema);

/** `GET …/registry/repositories/:id/tags`. */
export const repositoryTags = z
  .array(z.object({ name: text }))
  .transform((rows) => rows.map(({ name }) => name));
