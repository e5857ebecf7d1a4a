import { expect, test } from 'vitest';
import type { Checked } from '../../../source/core/bazelRemote/check.ts';
import { checkHost } from '../../../source/core/bazelRemote/checks.ts';
import { placeSurvey, targetSurvey } from '../../../source/core/bazelRemote/survey.ts';

const failure = { kind: 'unavailable', tried: 'x', saw: 'it was not read', next: [], code: 'x' } as const;

function opensslLine(auth: Partial<Checked['deployment']>, status: number, isOurs = false) {
  const checked: Checked = {
    deployment: {
      engine: 'docker',
      name: 'bazel-remote',
      image: 'x',
      data: 'a-volume',
      size: 50,
      httpPort: 9090,
      grpcPort: 9092,
      bind: '127.0.0.1',
      restart: 'always',
      hasMetrics: true,
      isRelabelled: false,
      unit: 'container',
      ...auth,
    },
    host: {
      destination: 'honey',
      local: true,
      address: 'honey',
      kernel: { failure },
      load: { failure },
      disks: { failure },
      engines: [],
      containers: { failure },
      ports: { failure },
      tailscale: { failure },
    },
    place: placeSurvey([{ name: 'openssl', status, text: '' }]),
    target: targetSurvey([]),
    owner: '0:0',
    isOurs,
    isAway: false,
  };
  return checkHost(checked).find(({ id }) => id === 'openssl')?.state;
}

const selfSigned = { certificate: '/c', key: '/k', isSelfSigned: true };

test('openssl must be on the host where it makes logins or a certificate, and nowhere else', () => {
  expect(opensslLine({}, 1)).toBeUndefined();
  expect(opensslLine({ tls: { ...selfSigned, isSelfSigned: false } }, 1)).toBeUndefined();
  for (const auth of [{ htpasswd: '/etc/x' }, { tls: selfSigned }]) {
    expect(opensslLine(auth, 0)).toBe('fine');
    expect(opensslLine(auth, 127)).toBe('problem');
    expect(opensslLine(auth, 127, true)).toBe('warning');
  }
});
