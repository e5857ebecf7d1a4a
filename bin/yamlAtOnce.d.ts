import type { Plugin } from 'esbuild';

/** For esbuild: yaml's lexer and parser without generators. */
export const yamlAtOnce: Plugin;
