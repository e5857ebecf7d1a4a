import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ProjectRegistry } from './projectRegistry.ts';

/** Where the image of the builds starts from, below the registry. */
export const baseImage = 'group/base';

/** Puts an image there that every build starts from: busybox alone. */
export async function putBase(registry: ProjectRegistry): Promise<void> {
  const folder = rootfs('/bin', {});
  try {
    await registry.putImage(baseImage, '1', folder, { Env: ['PATH=/bin'], Cmd: ['sh'] });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** BuildKit's image with the programs of this machine in it. */
export function buildkitImage(buildkitd: string, certificate: string): ImportedImage {
  const runc = '/usr/sbin/runc';
  const libraries = [...execFileSync('ldd', [runc], { encoding: 'utf8' }).matchAll(/(\/\S+) \(0x/g)];
  return {
    folder: rootfs('/bin', {
      '/usr/bin/buildkitd': buildkitd,
      '/usr/bin/buildctl': join(dirname(buildkitd), 'buildctl'),
      '/usr/bin/buildkit-runc': runc,
      ...Object.fromEntries(libraries.map(([, path = '']) => [path, path])),
      '/etc/ssl/certs/ca-certificates.crt': certificate,
    }),
    changes: ['ENTRYPOINT ["buildkitd"]', 'ENV PATH=/bin:/usr/bin', 'VOLUME /var/lib/buildkit'],
  };
}

/** Kaniko's image for debugging, the one with a shell, with the executor of this machine in it. */
export function kanikoImage(executor: string, certificate: string): ImportedImage {
  const folder = rootfs('/busybox', {
    '/kaniko/executor': executor,
    '/kaniko/ssl/certs/ca-certificates.crt': certificate,
  });
  symlinkSync('/busybox/sh', join(folder, 'bin/sh'));
  mkdirSync(join(folder, 'kaniko/.docker'));
  return {
    folder,
    changes: [
      'ENTRYPOINT ["/kaniko/executor"]',
      'ENV HOME=/root USER=root PATH=/usr/local/bin:/kaniko:/busybox SSL_CERT_DIR=/kaniko/ssl/certs DOCKER_CONFIG=/kaniko/.docker/',
      'VOLUME /busybox',
      'WORKDIR /workspace',
    ],
  };
}

/** A folder that is to be an image, with what a Dockerfile would say of it. */
export interface ImportedImage {
  readonly folder: string;
  readonly changes: readonly string[];
}

/** Makes an image of a folder under a name, and removes the folder. */
export function importImage({ folder, changes }: ImportedImage, name: string, socket: string): void {
  const tar = spawnSync('tar', ['-C', folder, '--numeric-owner', '--owner=0', '--group=0', '-c', '.'], {
    maxBuffer: 1 << 30,
  });
  rmSync(folder, { recursive: true, force: true });
  execFileSync('docker', ['import', ...changes.flatMap((one) => ['--change', one]), '-', name], {
    input: tar.stdout,
    env: { ...process.env, DOCKER_HOST: socket },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
}

/** A new folder with busybox under all its names, and some files. */
function rootfs(names: string, files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'huskycat-image-'));
  chmodSync(folder, 0o755);
  for (const path of ['bin', 'etc', 'root', 'run', 'tmp', 'var/lib', names.slice(1)])
    mkdirSync(join(folder, path), { recursive: true });
  chmodSync(join(folder, 'tmp'), 0o1777);
  const busybox = execFileSync('sh', ['-c', 'command -v busybox'], { encoding: 'utf8' }).trim();
  cpSync(realpathSync(busybox), join(folder, names, 'busybox'));
  for (const name of execFileSync(busybox, ['--list'], { encoding: 'utf8' }).split('\n'))
    if (name !== '' && name !== 'busybox') symlinkSync(`${names}/busybox`, join(folder, names, name));
  for (const [to, from] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, to)), { recursive: true });
    cpSync(realpathSync(from), join(folder, to));
  }
  return folder;
}
