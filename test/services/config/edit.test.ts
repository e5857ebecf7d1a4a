import { expect, test } from 'vitest';
import { editedConfiguration } from '../../../source/services/config/edit.ts';
import type { Configuration } from '../../../source/services/config/shape.ts';

const empty: Configuration = { profiles: {} };
const work: Configuration = {
  profile: 'work',
  profiles: { work: { host: 'gitlab.com', attic: { url: 'https://cache.example' } } },
};

test('the first value makes a profile, which is the one that is used', () => {
  expect(editedConfiguration(empty, { key: 'attic.url', value: 'https://cache.example' })).toEqual({
    profile: 'default',
    profiles: { default: { attic: { url: 'https://cache.example' } } },
  });
  expect(editedConfiguration(empty, { key: 'theme', value: 'dark' })).toEqual({
    profiles: {},
    theme: 'dark',
  });
});

test('a value goes into the chosen profile, or the one that is named, and leaves the rest', () => {
  expect(editedConfiguration(work, { key: 'prices.minute', value: '0.01' })).toEqual({
    profile: 'work',
    profiles: { work: { ...work.profiles.work, prices: { minute: 0.01 } } },
  });
  expect(editedConfiguration(work, { key: 'host', value: 'git.example', profile: 'home' })).toEqual({
    profile: 'work',
    profiles: { ...work.profiles, home: { host: 'git.example' } },
  });
  expect(editedConfiguration(work, { key: 'profile', value: 'work' })).toEqual(work);
  expect(editedConfiguration(work, { key: 'ascii', value: 'true' })).toEqual({ ...work, ascii: true });
});

test('a value that is taken away takes what is empty then with it', () => {
  expect(editedConfiguration(work, { key: 'attic.url', value: undefined })).toEqual({
    profile: 'work',
    profiles: { work: { host: 'gitlab.com' } },
  });
  expect(editedConfiguration(empty, { key: 'host', value: undefined })).toEqual(empty);
});

test.each([
  ['token', 'glpat-x', /no such key/],
  ['attic.url', 'ftp://cache', /profiles\.work\.attic\.url must be an http or https address/],
  ['attic.url', 'https://me:secret@cache', /must be an http or https address without user name/],
  ['honey.destination', '-oProxyCommand=x', /must be a destination as ssh takes it/],
  ['profile', 'gone', /names no profile of this file/],
  ['__proto__', 'x', /no such key/],
])('%s cannot be %s', (key, value, message) => {
  expect(() => editedConfiguration(work, { key, value })).toThrow(message);
});
