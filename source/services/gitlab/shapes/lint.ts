import * as z from 'zod';
import { known } from '../../../core/known.ts';
import { plain } from '../../../core/text/safe.ts';
import { text } from './values.ts';

const need = z.union([z.object({ name: text }).transform(({ name }) => name), text]);

/** YAML keeps its lines; each is made safe. */
const yaml = z.string().transform((value) =>
  value
    .split('\n')
    .map((line) => plain(line, 100_000))
    .join('\n'),
);

/** `GET …/ci/lint`. Jobs have needs in its static form alone. */
export const lintSchema = z
  .object({
    valid: z.boolean(),
    errors: z.array(text).nullish(),
    warnings: z.array(text).nullish(),
    merged_yaml: yaml.nullish(),
    jobs: z.array(z.object({ name: text, stage: text.nullish(), needs: z.array(need).nullish() })).nullish(),
    includes: z.array(z.object({ type: text.nullish(), location: text.nullish() })).nullish(),
  })
  .transform((row) =>
    known({
      valid: row.valid,
      errors: row.errors ?? [],
      warnings: row.warnings ?? [],
      mergedYaml: row.merged_yaml,
      jobs: (row.jobs ?? []).map(({ name, stage, needs }) => known({ name, stage: stage ?? 'test', needs })),
      includes: (row.includes ?? []).map(({ type, location }) => ({
        type: type ?? 'unknown',
        location: location ?? '',
      })),
    }),
  );
