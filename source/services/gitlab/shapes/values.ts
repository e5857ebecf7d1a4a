import * as z from 'zod';
import { plain } from '../../../core/text/safe.ts';

/** Text from outside, as one line that is safe to show. */
export const text = z.string().transform((value) => plain(value));

/** An identifier, a count. */
export const whole = z.number().int();

/** ISO 8601 in UTC, whatever the zone the server writes; absent when it is no time. */
export const time = z
  .string()
  .nullish()
  .transform((value) => {
    const at = Date.parse(value ?? '');
    return Number.isNaN(at) ? undefined : new Date(at).toISOString();
  });

/** A time that is always there. */
export const knownTime = z
  .string()
  .refine((value) => !Number.isNaN(Date.parse(value)), 'not a time')
  .transform((value) => new Date(value).toISOString());

/** An address to open in a browser; empty when it is anything but http or https. */
export const webAddress = text.transform((value) => (/^https?:\/\//i.test(value) ? value : ''));
