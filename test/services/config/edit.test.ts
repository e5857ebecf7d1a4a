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

test('the last value of the chosen profile takes the choice with it, that of another one does not', () => {
  const one: Configuration = { profile: 'work', profiles: { work: { host: 'gitlab.com' } } };
  expect(editedConfiguration(one, { key: 'host', value: undefined })).toEqual({ profiles: {} });
  const two = { ...one, profiles: { ...one.profiles, home: { host: 'git.example' } } };
  expect(editedConfiguration(two, { key: 'host', value: undefined, profile: 'home' })).toEqual(one);
  expect(editedConfiguration(two, { key: 'host', value: undefined })).toEqual({
    profiles: { home: { host: 'git.example' } },
  });
});

test('what cannot be without another value says which', () => {
  expect(() => editedConfiguration(empty, { key: 'attic.cache', value: 'main' })).toThrow(
    'set attic.cache: it cannot be without attic.url',
  );
  const both = editedConfiguration(work, { key: 'attic.cache', value: 'main' });
  expect(() => editedConfiguration(both, { key: 'attic.url', value: undefined })).toThrow(
    'unset attic.url: attic.cache cannot be without it',
  );
});

test('a name of digits stays a name', () => {
  expect(editedConfiguration(work, { key: 'attic.cache', value: '2026' }).profiles.work?.attic?.cache).toBe(
    '2026',
  );
  expect(editedConfiguration(empty, { key: 'host', value: 'git.example', profile: '1.0' })).toMatchObject({
    profile: '1.0',
  });
});

test.each([
  ['token', 'glpat-x', /no such key/],
  ['attic.url', 'ftp://cache', /profiles\.work\.attic\.url must be an http or https address/],
  ['attic.url', 'https://me:secret@cache', /must be an http or https address without user name/],
  ['honey.destination', '-oProxyCommand=x', /must be a destination as ssh takes it/],
  ['prices.minute', 'much', /profiles\.work\.prices\.minute Invalid input: expected number/],
  ['ascii', 'perhaps', /ascii Invalid input: expected boolean/],
  ['profile', 'gone', /names no profile of this file/],
  ['__proto__', 'x', /no such key/],
])('%s cannot be %s', (key, value, message) => {
  expect(() => editedConfiguration(work, { key, value })).toThrow(message);
});
