/** The only values of those settings that have a few. */
export const choices: Readonly<Record<string, readonly string[]>> = {
  host: ['honey', 'here'],
  engine: ['docker', 'podman'],
  auth: ['none', 'htpasswd'],
  metrics: ['on', 'off'],
  relabel: ['on', 'off'],
  bazelrc: ['config', 'unconditional', 'none'],
  download: ['minimal', 'toplevel'],
  'build-twice': ['yes', 'no'],
};

/** Every setting there is, by its name on the command line. */
export const titles: Readonly<Record<string, string>> = {
  host: 'Where it runs',
  engine: 'Container engine',
  name: 'Name of the container',
  data: 'Folder or volume for the data',
  size: 'Size in GiB',
  'http-port': 'Port of HTTP',
  'grpc-port': 'Port of gRPC, which Bazel uses',
  bind: 'Address to listen on',
  auth: 'Who may write',
  login: 'Name of the writers’ login',
  htpasswd: 'File of logins on the host',
  image: 'Image',
  restart: 'Restart policy',
  metrics: 'Metrics, without which no hit rate is known',
  memory: 'Memory limit',
  cpus: 'Processor limit',
  user: 'User to run as',
  relabel: 'Relabel the folder for SELinux',
  bazelrc: 'Form of the lines in .bazelrc',
  endpoint: 'Host in .bazelrc',
  timeout: 'remote_timeout in seconds',
  download: 'What Bazel fetches of hits',
  'build-twice': 'Build twice afterwards, to see hits',
};
