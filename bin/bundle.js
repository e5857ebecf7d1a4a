import { readFileSync } from 'node:fs';

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
    minifySyntax: true,
    logLevel: 'warning',
    // Bundled CommonJS packages ask for Node's own modules and for where they are.
    banner: {
      js: [
        "import { createRequire as bundledRequire } from 'node:module';",
        "import { fileURLToPath as bundledPath } from 'node:url';",
        'const require = bundledRequire(import.meta.url);',
        'const __filename = bundledPath(import.meta.url);',
        "const __dirname = bundledPath(new URL('.', import.meta.url));",
      ].join(' '),
    },
    define: {
      'process.env.NODE_ENV': '"production"',
      'process.env.DEV': '"false"',
      'process.env.HUSKYCAT_VERSION': JSON.stringify(version),
    },
    plugins: [withoutDevtools, withoutAddons, yogaWithoutFetch],
  };
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
    build.onLoad({ filter: /\.node$/ }, () => ({
      contents: "throw new Error('native addons are not bundled');",
    }));
  },
};

const fetching = 'w||"function"!=typeof fetch?';

/** Yoga decodes its WebAssembly with fetch, which loads all of undici at start; without fetch it decodes it itself. */
const yogaWithoutFetch = {
  name: 'yoga-without-fetch',
  setup(build) {
    build.onLoad({ filter: /yoga-wasm-base64-esm\.js$/ }, ({ path }) => {
      const text = readFileSync(path, 'utf8');
      if (!text.includes(fetching))
        return { errors: [{ text: `yoga-layout has changed: ${fetching} is not in ${path}` }] };
      return { contents: text.replace(fetching, 'true?') };
    });
  },
};
