import * as z from 'zod';
import { parseServer } from '../../core/git/server.ts';

const url = z
  .string()
  .refine(isPlainUrl, 'must be an http or https address without user name, password or query');

const server = z
  .string()
  .refine(
    (text) => parseServer(text) !== undefined,
    'must be a host, or an address like https://gitlab.example.com/gitlab',
  );

const project = z
  .string()
  .regex(/^[^/\s]+(?:\/[^/\s]+)+$/, 'must be group and project, like tinyland/ai/huskycat');

/** A word that begins with a hyphen would be an option to ssh. */
const destination = z
  .string()
  .regex(/^[^\s-]\S*$/, 'must be a destination as ssh takes it: honey, ops@10.0.0.1');

const grpc = z
  .string()
  .regex(
    /^(?:grpcs?:\/\/)?(?:\[[\da-fA-F:.]+\]|[\w.-]+):\d{1,5}$/,
    'must be host:port, or grpc(s)://host:port',
  );

const name = z
  .string()
  .regex(/^[\w.-]{1,64}$/, 'must be 1 to 64 letters, digits, dots, hyphens or underscores');

/** In the currency of the reader's choice. */
const price = z.number().nonnegative();

const theme = z.enum(['auto', 'light', 'dark']);

const profile = z.strictObject({
  project: project.optional(),
  host: server.optional(),
  attic: z.strictObject({ url, cache: name.optional() }).optional(),
  bazelRemote: z.strictObject({ http: url.optional(), grpc: grpc.optional() }).optional(),
  honey: z.strictObject({ destination, paths: z.array(z.string().startsWith('/')).optional() }).optional(),
  checkout: z.string().startsWith('/', 'must be an absolute path').optional(),
  caFile: z.string().startsWith('/', 'must be an absolute path').optional(),
  theme: theme.optional(),
  prices: z.strictObject({ minute: price.optional(), gigabyte: price.optional() }).optional(),
});

/** The whole configuration file. */
export const configurationShape = z
  .strictObject({
    profile: name.optional(),
    profiles: z.record(name, profile).default({}),
    theme: theme.optional(),
    ascii: z.boolean().optional(),
  })
  .superRefine((value, context) => {
    if (value.profile !== undefined && !Object.hasOwn(value.profiles, value.profile))
      context.addIssue({ code: 'custom', path: ['profile'], message: 'names no profile of this file' });
  });

export type Configuration = z.output<typeof configurationShape>;
export type Profile = z.output<typeof profile>;
export type Theme = z.output<typeof theme>;

export const emptyConfiguration: Configuration = { profiles: {} };

function isPlainUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, search, hash } = new URL(text);
  return /^https?:$/.test(protocol) && !username && !password && !search && !hash;
}
