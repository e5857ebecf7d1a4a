import { expect, test } from 'vitest';
import { type OptionInputs, resolveOptions } from '../../../source/services/config/options.ts';

const configuration = {
  profile: 'work',
  profiles: {
    work: { project: 'a/work', host: 'gitlab.example.com', attic: { url: 'https://attic.example.com' } },
    home: { project: 'a/home' },
  },
  theme: 'dark' as const,
};
const upstream = { remote: 'upstream', server: 'https://gitlab.com', path: 'tinyland/huskycat' };
const fork = { remote: 'origin', server: 'https://gitlab.example.com', path: 'me/huskycat' };

function resolve(inputs: Partial<OptionInputs>) {
  return resolveOptions({ flags: {}, environment: {}, configuration: { profiles: {} }, ...inputs });
}

test('a flag beats a variable, a variable the profile, the profile the checkout; each says where it is from', () => {
  const environment = { HUSKYCAT_PROJECT: 'a/variable', HUSKYCAT_HONEY: 'honey', HUSKYCAT_THEME: '' };
  const checkout = {
    remotes: [upstream, fork],
    files: {
      attic: { value: 'https://other', file: 'flake.nix' },
      bazelRemote: { value: 'http://b', file: '.bazelrc' },
    },
  };
  const flags = { project: 'a/flag' };
  expect(resolve({ flags, environment, configuration, checkout })).toEqual({
    profile: { value: 'work', source: 'profile', from: 'the configuration file' },
    project: { value: 'a/flag', source: 'flag', from: '--project' },
    host: { value: 'https://gitlab.example.com', source: 'profile', from: 'profile work' },
    attic: { value: 'https://attic.example.com', source: 'profile', from: 'profile work' },
    bazelRemote: { value: 'http://b', source: 'checkout', from: '.bazelrc' },
    honey: { value: 'honey', source: 'environment', from: 'HUSKYCAT_HONEY' },
    theme: { value: 'dark', source: 'profile', from: 'the configuration file' },
  });
  expect(resolve({ environment, configuration }).project).toMatchObject({ value: 'a/variable' });
});

test('server and project of the first remote; of the server that was named when one was', () => {
  const checkout = { remotes: [upstream, fork] };
  expect(resolve({ checkout })).toMatchObject({
    host: { value: 'https://gitlab.com', from: 'remote upstream' },
    project: { value: 'tinyland/huskycat', from: 'remote upstream' },
  });
  expect(resolve({ checkout, flags: { host: 'gitlab.example.com' } })).toMatchObject({
    host: { value: 'https://gitlab.example.com', source: 'flag' },
    project: { value: 'me/huskycat', from: 'remote origin' },
  });
  expect(resolve({ checkout, flags: { host: 'other.example.com' } }).project).toBeUndefined();
});

test('nothing configured is nothing; a project alone is on gitlab.com, or where GITLAB_HOST says', () => {
  expect(resolve({})).toEqual({});
  const flags = { project: 'a/b' };
  expect(resolve({ flags }).host).toEqual({
    value: 'https://gitlab.com',
    source: 'default',
    from: 'the default',
  });
  expect(resolve({ flags, environment: { GITLAB_HOST: 'http://127.0.0.1:8080/gitlab/' } }).host).toEqual({
    value: 'http://127.0.0.1:8080/gitlab',
    source: 'environment',
    from: 'GITLAB_HOST',
  });
});

test('a flag chooses another profile; one that there is not is named with those that there are', () => {
  expect(resolve({ configuration, flags: { profile: 'home' } }).project).toMatchObject({ value: 'a/home' });
  expect(() => resolve({ configuration, environment: { HUSKYCAT_PROFILE: 'constructor' } })).toThrow(
    expect.objectContaining({ code: 'no-profile', next: ['The profiles are: work, home'] }),
  );
});

test.each(['ftp://a', 'https://me:pass@a', 'https://a?b=c', 'a b'])('%s is no GitLab server', (host) => {
  expect(() => resolve({ flags: { host } })).toThrow(
    expect.objectContaining({ code: 'bad-option', message: expect.not.stringContaining('pass') }),
  );
});
