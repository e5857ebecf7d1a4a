import { FileError, resolvePath } from '../fileSystem.ts';
import type { Execution } from '../shell/context.ts';
import { type Container, DaemonError } from './container.ts';
import { findImage, type Image, parseReference, pullImage } from './images.ts';
import { readRunOptions, UsageError } from './runOptions.ts';

/** `docker pull`: takes the image from the registry, unless it is here. Throws `DaemonError`. */
export function pull(name: string, execution: Execution, tell: Execution['out'], isQuiet = false): Image {
  const { images } = execution.machine.docker;
  const reference = parseReference(name);
  const image = pullImage(reference);
  if ('refusal' in image) throw new DaemonError(image.refusal);
  const wasHere = images.some((one) => one.digest === image.digest && one.tag === image.tag);
  const old = images.findIndex((one) => one.repository === image.repository && one.tag === image.tag);
  if (old >= 0) images.splice(old, 1);
  images.unshift(image);
  if (isQuiet) return image;
  const { tag, digest, repository } = reference;
  if (tag === undefined && digest === undefined) tell('Using default tag: latest\n');
  tell(`${digest ?? image.tag}: Pulling from ${repository}\n`);
  if (!wasHere)
    for (const what of ['Pulling fs layer', 'Download complete', 'Pull complete'])
      for (const layer of image.layers) tell(`${layer}: ${what}\n`);
  const typed = digest === undefined ? `${repository}:${image.tag}` : `${repository}@${digest}`;
  const status = wasHere ? 'Image is up to date for' : 'Downloaded newer image for';
  tell(`Digest: ${image.digest}\nStatus: ${status} ${typed}\n`);
  return image;
}

/** `docker run` and `docker create`: 125 where the daemon or the command line refuses. */
export async function run(args: readonly string[], execution: Execution, isStarted = true): Promise<number> {
  const { machine, out, err } = execution;
  const { docker } = machine;
  const verb = isStarted ? 'run' : 'create';
  try {
    const asked = readRunOptions(args, `quirky_${docker.containers().length + 1}`);
    const request = { ...asked, env: [...asked.envFiles.flatMap(variablesIn(execution)), ...asked.env] };
    const found = docker.find(request.name);
    if (found && asked.replaces) {
      await docker.stop(found, true);
      docker.remove(found);
    }
    const holder = docker.find(request.name);
    let image = findImage(docker.images, parseReference(request.image));
    if (!image) {
      const shown = parseReference(request.image);
      const whole = shown.digest || shown.tag ? request.image : `${request.image}:latest`;
      err(`Unable to find image '${whole}' locally\n`);
      image = pull(request.image, execution, err);
    }
    if (holder?.settings.name === request.name)
      throw new DaemonError(
        `Conflict. The container name "/${request.name}" is already in use by container "${holder.id}". You have to remove (or rename) that container to be able to reuse that name.`,
      );
    const container = docker.create(request, image);
    if (request.isDetached || !isStarted) out(`${container.id}\n`);
    if (!isStarted) return 0;
    await docker.start(container);
    return request.isDetached ? 0 : await attach(container, execution);
  } catch (thrown) {
    if (thrown instanceof UsageError) err(`${thrown.message}\nSee 'docker ${verb} --help'.\n`);
    else if (thrown instanceof DaemonError)
      err(`docker: Error response from daemon: ${thrown.message}.\nSee 'docker ${verb} --help'.\n`);
    else throw thrown;
    return 125;
  }
}

/** Lines of a file of variables; what begins with `#` is a comment. */
function variablesIn({ machine, user, shell }: Execution): (file: string) => string[] {
  return (file) => {
    try {
      const text = machine.files.read(resolvePath(shell.cwd, file), user).toString('utf8');
      return text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    } catch (thrown) {
      if (!(thrown instanceof FileError)) throw thrown;
      throw new UsageError(`open ${file}: ${thrown.fault.toLowerCase()}`);
    }
  };
}

/** In the foreground: shows what it says until it ends, or until the terminal interrupts. */
async function attach(container: Container, execution: Execution): Promise<number> {
  const { machine } = execution;
  await follow(container, execution, 0);
  if (container.status === 'running') await machine.docker.stop(container);
  if (container.settings.removes) machine.docker.remove(container);
  return container.exitCode;
}

/** Shows the log from a line on, as it grows, while the container runs. */
export async function follow(container: Container, execution: Execution, from: number): Promise<void> {
  const { signal, out, err } = execution;
  let shown = from;
  for (;;) {
    for (const { stream, text } of container.logs.slice(shown))
      (stream === 'stdout' ? out : err)(`${text}\n`);
    shown = container.logs.length;
    const isOver = container.status === 'exited' || container.status === 'created';
    if (isOver || signal.aborted) return;
    await new Promise<void>((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', end);
        resolve();
      };
      const timer = setTimeout(end, 100);
      signal.addEventListener('abort', end);
      timer.unref();
    });
  }
}
