import type { BuildOptions } from 'esbuild';

/** How the program is bundled: options for esbuild, for the build itself and for the programs that tests start. */
export function bundleOptions(root: string, version: string): BuildOptions;
