import type { ContainerSettings } from './container.ts';

/** The GitLab runner that the team's jobs run on; it is there from the start. */
export const runnerSettings: ContainerSettings = {
  name: 'gitlab-runner',
  image: 'gitlab/gitlab-runner:alpine',
  args: [],
  env: [],
  labels: {},
  ports: [],
  mounts: [
    { kind: 'bind', source: '/srv/gitlab-runner/config', target: '/etc/gitlab-runner', mode: '' },
    { kind: 'bind', source: '/var/cache/gitlab-runner', target: '/cache', mode: '' },
  ],
  restart: 'always',
  removes: false,
};
