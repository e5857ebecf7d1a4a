import { stopUnits } from './commands/systemctl.ts';
import { createEngine } from './docker/engine.ts';
import { runnerImage } from './docker/images.ts';
import { runnerSettings } from './docker/runner.ts';
import { makeKeys, writeKnownHosts } from './keys.ts';
import { operatorName } from './names.ts';
import { startSshServer } from './server.ts';
import type { Machine } from './shell/context.ts';
import { createMachine } from './world.ts';

export interface HoneyOptions {
  /** A free one when absent. */
  readonly port?: number;
  /** Where the key and known_hosts are written; made when it is not there. */
  readonly directory: string;
  /** Podman is installed beside Docker. */
  readonly hasPodman?: boolean;
}

export interface HoneyServer {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly identityFile: string;
  readonly knownHosts: string;
  /** The machine behind it, to look at and to change. */
  readonly machine: Machine;
  stop(): Promise<void>;
}

/** Starts honey: an SSH server on loopback with a small machine behind it. Its clock is this machine's. */
export async function startHoney({
  port = 0,
  directory,
  hasPodman = false,
}: HoneyOptions): Promise<HoneyServer> {
  const keys = makeKeys(directory);
  const machine = createMachine(
    (files, { takenPorts, addresses }) => createEngine({ files, now: Date.now, takenPorts, addresses }),
    Date.now,
    hasPodman,
  );
  await machine.docker.start(machine.docker.create(runnerSettings, runnerImage));
  const server = await startSshServer({ host: keys.host, client: keys.client, port }, machine);
  return {
    host: '127.0.0.1',
    port: server.port,
    user: operatorName,
    identityFile: keys.identityFile,
    knownHosts: writeKnownHosts(directory, keys, server.port),
    machine,
    async stop() {
      await server.stop();
      await stopUnits(machine);
      await machine.docker.shutDown();
      await machine.podman.shutDown();
    },
  };
}
