/** `ci jobs` as one file. */
const program = new URL('../dist/ciJobs.cjs', import.meta.url);
/** V8's code of a run of it, for this V8 alone. */
export const codeFile = new URL(
  `../dist/ciJobs-${process.versions.v8}-${process.platform}-${process.arch}.code`,
  import.meta.url,
);

const { readFileSync } = process.getBuiltinModule('node:fs');

/**
 * The program where it is asked for `ci jobs` offline, which hooks wait for: in one file, with its code compiled by the build.
 * Undefined for another command line, and where the build was for another Node.
 */
export function ciJobs(args) {
  if (args[0] !== 'ci' || args[1] !== 'jobs') return undefined;
  if (args.some((word) => /^--(?:online|commit)/.test(word))) return undefined;
  try {
    const script = compile(readFileSync(codeFile));
    if (script.cachedDataRejected) return undefined;
    const program = start(script);
    interpretLonger();
    return program;
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Optimizing takes more than it gives in so short a run. Set when Node's modules are loaded: V8 takes no kept code under another flag. */
function interpretLonger() {
  process.getBuiltinModule('node:v8').setFlagsFromString('--no-maglev');
}

export function compile(cachedData) {
  const { Script } = process.getBuiltinModule('node:vm');
  return new Script(readFileSync(program, 'latin1'), { filename: program.href, cachedData });
}

export function start(script) {
  const module = { exports: {} };
  script.runInThisContext()(module, process.getBuiltinModule);
  return module.exports;
}
