import * as z from 'zod';
import { text, whole } from './values.ts';

/** `GET /personal_access_tokens/self`; `expires_at` is a date. */
export const ownToken = z.object({
  name: text.nullish(),
  scopes: z.array(text).nullish(),
  expires_at: text.nullish(),
});

/** `GET /oauth/token/info`; `expires_in` are the seconds that are left. */
export const oauthToken = z.object({
  scope: z.union([z.array(text), text.transform((value) => value.split(/\s+/).filter(Boolean))]).nullish(),
  expires_in: whole.nullish(),
});

/** `GET /user`. */
export const userSchema = z.object({ username: text });

/** `GET /job`, which a job token may ask about its own job. */
export const ownJob = z.object({
  id: whole,
  name: text.nullish(),
  user: z.object({ username: text.nullish() }).nullish(),
});
