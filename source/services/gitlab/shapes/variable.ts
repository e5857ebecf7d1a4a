import * as z from 'zod';
import type { ValueFacts, Variable, VariableOwner } from '../../../core/gitlab/model.ts';
import { known } from '../../../core/known.ts';
import { shaped } from '../json.ts';
import { text } from './values.ts';

/** `GET /projects/:id/variables` and `/groups/:id/variables`. Old servers leave out hidden, raw and description. */
const rows = z.array(
  z.object({
    key: text,
    value: z.string().nullish(),
    variable_type: z.enum(['env_var', 'file']).catch('env_var'),
    masked: z.boolean().nullish(),
    hidden: z.boolean().nullish(),
    protected: z.boolean().nullish(),
    raw: z.boolean().nullish(),
    environment_scope: text.nullish(),
    description: text.nullish(),
  }),
);

/** Keys whose values are secrets even where nobody masked them; what only names or locates a secret is none. */
const secretKey =
  /^(?!.*(?:public|_(?:url|host|name|user|id|path)$)).*(?:pass(?:word|wd|phrase)|secret|token|credential|private|(?:api|access|signing|ssh)_?key)/i;
const leastSecret = 8;

/**
 * Variables without their values: those that are masked, or are secrets by their key, are given to `hide` first, and all
 * are forgotten.
 */
export function variablesSchema(owner: VariableOwner, hide: (value: string) => void) {
  return rows.transform((all): Variable[] =>
    all.map((row) => {
      const raw = row.raw ?? false;
      const hidden = row.hidden ?? false;
      const value = hidden ? undefined : (row.value ?? undefined);
      if (value && (row.masked || (secretKey.test(row.key) && value.length >= leastSecret))) hide(value);
      return known({
        key: row.key,
        type: row.variable_type,
        masked: row.masked ?? false,
        hidden,
        protected: row.protected ?? false,
        raw,
        scope: row.environment_scope || '*',
        description: row.description || undefined,
        owner,
        value: value === undefined ? undefined : factsOf(value, raw),
      });
    }),
  );
}

/** The value of a variable in a list; that for every environment where there are several. */
export function valueIn(json: unknown, key: string, name: string): string | undefined {
  const all = shaped(rows, json, name).filter((row) => row.key === key && !row.hidden && row.value);
  const wide = all.find((row) => (row.environment_scope || '*') === '*') ?? all[0];
  return wide?.value ?? undefined;
}

/** GitLab masks 8 characters or more without white space; of what is expanded, only these (Ci::Maskable). */
const maskableExpanded = /^[a-zA-Z0-9_+=/@:.~-]{8,}$/;
const maskableRaw = /^\S{8,}$/;

function factsOf(value: string, raw: boolean): ValueFacts {
  return {
    empty: value === '',
    multiline: /[\r\n]/.test(value.trimEnd()),
    maskable: (raw ? maskableRaw : maskableExpanded).test(value),
    hasDollar: value.includes('$'),
  };
}
