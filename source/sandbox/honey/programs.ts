import { bytePrograms } from './commands/bytes.ts';
import { diskPrograms } from './commands/disks.ts';
import { filePrograms } from './commands/files.ts';
import { networkPrograms } from './commands/network.ts';
import { openssl } from './commands/openssl.ts';
import { shellPrograms } from './commands/shells.ts';
import { systemPrograms } from './commands/system.ts';
import { textPrograms } from './commands/text.ts';
import { docker } from './docker/command.ts';
import type { Program } from './shell/context.ts';

/** What is installed on honey; Podman is added where it is wanted. */
export const programs: ReadonlyMap<string, Program> = new Map(
  Object.entries({
    ...textPrograms,
    ...filePrograms,
    ...diskPrograms,
    ...systemPrograms,
    ...networkPrograms,
    ...shellPrograms,
    ...bytePrograms,
    docker,
    openssl,
  }),
);
