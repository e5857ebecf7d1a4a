import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { yamlAtOnce } from './yamlAtOnce.js';

/** How the program is bundled: options for esbuild, for the build itself and for the programs that tests start. */
export function bundleOptions(root, version) {
  return {
    absWorkingDir: root,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node22.12',
    jsx: 'automatic',
    // Names stay, for stack traces; comments and blanks would be kept in memory as long as the program runs.
    minifySyntax: true,
    minifyWhitespace: true,
    lineLimit: 160,
    charset: 'ascii',
    logLevel: 'warning',
    // Bundled CommonJS packages ask for Node's own modules and for where they are.
    banner: {
      js: 'const require = process.getBuiltinModule, { filename: __filename, dirname: __dirname } = import.meta;',
    },
    define: {
      'process.env.NODE_ENV': '"production"',
      'process.env.DEV': '"false"',
      'process.env.HUSKYCAT_VERSION': JSON.stringify(version),
    },
    plugins: plugins(),
  };
}

/** A module of this folder, as an import of the bundle names it. */
function own(name) {
  return fileURLToPath(new URL(name, import.meta.url));
}

function plugins() {
  return [
    withoutDevtools,
    withoutAddons,
    withoutRateLimiter,
    builtinsAlone,
    yogaWithoutFetch,
    inkKeepsRows,
    changedCells,
    sanitizedOnce,
    stylesOfCells,
    oneStringWidth,
    graphemesAtOnce,
    yamlAtOnce,
  ];
}

/** Ink loads React's developer tools when DEV is true; they are no part of the program. */
const withoutDevtools = {
  name: 'without-devtools',
  setup(build) {
    build.onResolve({ filter: /^react-devtools-core$/ }, ({ path }) => ({ path, namespace: 'nothing' }));
    build.onLoad({ filter: /.*/, namespace: 'nothing' }, () => ({ contents: 'export default {};' }));
  },
};

/** Native addons (of ssh2) cannot be bundled; those who ask for one do without when asking throws. */
const withoutAddons = {
  name: 'without-addons',
  setup(build) {
    // Also where an addon was not built: npm may be told to run no install scripts.
    build.onResolve({ filter: /\.node$/ }, ({ path }) => ({ path, namespace: 'addon' }));
    build.onLoad({ filter: /.*/, namespace: 'addon' }, () => ({
      contents: "throw new Error('native addons are not bundled');",
    }));
  },
};

/** Gitbeaker brings limiters with stores for a dozen databases; its requests go over our own requester, which has none. */
const withoutRateLimiter = {
  name: 'without-rate-limiter',
  setup(build) {
    build.onResolve({ filter: /^rate-limiter-flexible$/ }, ({ path }) => ({ path, namespace: 'limiter' }));
    build.onLoad({ filter: /.*/, namespace: 'limiter' }, () => ({
      contents: 'export class RateLimiterMemory {}\nexport class RateLimiterQueue {}',
    }));
  },
};

/**
 * To import a module of Node reads all that it exports. These load much then that nobody uses: the WebSocket of http all of
 * undici, a third of the memory of a bare Node; process its reports, util its parser of arguments.
 */
const builtinsAlone = {
  name: 'builtins-alone',
  setup(build) {
    build.onResolve({ filter: /^(?:node:)?(?:http|process|util)$/ }, ({ path }) => ({
      path: path.replace('node:', ''),
      namespace: 'builtin',
    }));
    build.onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule('node:${path}');`,
    }));
  },
};

/** Yoga decodes its WebAssembly with fetch, which loads all of undici at start; without fetch it decodes it itself. */
const yogaWithoutFetch = patch('yoga-without-fetch', /yoga-wasm-base64-esm\.js$/, [
  ['w||"function"!=typeof fetch?', 'true?'],
]);

/** Ink reads the styles and widths of every text again for every frame, and makes every cell anew. */
const inkKeepsRows = patch('ink-keeps-rows', /ink[\\/]build[\\/]output\.js$/, [
  [
    'export default class Output {',
    `import { blank, keptRows, rowText } from ${JSON.stringify(own('inkRows.js'))};\nexport default class Output {`,
  ],
  ['caches = new OutputCaches();', 'caches = keptRows;'],
  ['.map(line => {\n            // See', '.map((line, y) => {\n            // See'],
  ['styledCharsToString(lineWithoutEmptyItems).trimEnd();', 'rowText(lineWithoutEmptyItems, y);'],
  [
    'return this.sliceLineToColumns(line, from, to);',
    'return this.caches.getPart(line, from, to, () => this.sliceLineToColumns(line, from, to));',
  ],
  [
    "row.push({\n                    type: 'char',\n                    value: ' ',\n                    fullWidth: false,\n                    styles: [],\n                });",
    'row.push(blank);',
  ],
  [
    /const characterLines = \[\[\]\];[\s\S]*?let lines = characterLines\.map\(line => styledCharsToString\(line\)\);/,
    'let lines = this.caches.getLines(text);',
  ],
]);

/** Ink reads every text of every frame for what would steer the terminal, twice where it is measured too. */
const sanitizedOnce = patch('sanitized-once', /ink[\\/]build[\\/]squash-text-nodes\.js$/, [
  [
    "import sanitizeAnsi from './sanitize-ansi.js';",
    `import { sanitize as sanitizeAnsi } from ${JSON.stringify(own('inkRows.js'))};`,
  ],
]);

/** Of a row that changes Ink writes all from the first cell that differs. */
const changedCells = patch('changed-cells', /ink[\\/]build[\\/]log-update\.js$/, [
  [
    "import lineUpdate from './line-update.js';",
    `import lineUpdate from ${JSON.stringify(own('lineUpdate.js'))};`,
  ],
]);

/** The cells of one style share it: less to hold, and to compare. */
const stylesOfCells = patch('styles-of-cells', /ansi-tokenize[\\/]build[\\/]styledChars\.js$/, [
  ['styles: [...codes],', 'styles: codes,'],
]);

/** Five packages bring a string-width each: one is enough, all must agree with Ink on widths, and most texts are plain. */
const oneStringWidth = {
  name: 'one-string-width',
  setup(build) {
    const ours = own('stringWidth.js');
    build.onResolve({ filter: /^string-width$/ }, ({ importer, kind, pluginData }) => {
      if (pluginData === 'ink') return undefined;
      if (importer !== ours) return { path: ours };
      const ink = join(build.initialOptions.absWorkingDir, 'node_modules', 'ink', 'build');
      return build.resolve('string-width', { kind, resolveDir: ink, pluginData: 'ink' });
    });
  },
};

/** What cuts rows into graphemes does so without tables of Unicode where it can. */
const graphemesAtOnce = {
  name: 'graphemes-at-once',
  setup(build) {
    const ours = own('segmenter.js');
    const filter =
      /(?:ansi-tokenize[\\/]build[\\/]tokenize|slice-ansi[\\/]tokenize-ansi|wrap-ansi[\\/]index|cli-truncate[\\/]index|ink[\\/]build[\\/]line-update)\.js$|views[\\/]text[\\/]width\.ts$/;
    build.onLoad({ filter }, ({ path }) => {
      const contents = readFileSync(path, 'utf8').replaceAll('Intl.Segmenter', 'GraphemeSegmenter');
      return {
        contents: `import { GraphemeSegmenter } from ${JSON.stringify(ours)};\n${contents}`,
        loader: path.endsWith('.ts') ? 'ts' : 'js',
      };
    });
  },
};

/** Replaces exact texts in a package's file; the build fails when one is no longer there, so that it is looked at again. */
function patch(name, filter, replacements) {
  return {
    name,
    setup(build) {
      build.onLoad({ filter }, ({ path }) => {
        let contents = readFileSync(path, 'utf8');
        for (const [from, to] of replacements) {
          const before = contents;
          contents = before.replace(from, () => to);
          if (contents === before) return { errors: [{ text: `${name}: ${from} is not in ${path}` }] };
        }
        return { contents };
      });
    },
  };
}
