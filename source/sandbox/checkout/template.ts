import { bazelrc, buildBazel, moduleBazel } from './files/bazel.ts';
import { bazelCi } from './files/bazelCi.ts';
import { binaries } from './files/binaries.ts';
import { containerFile, gitignore } from './files/container.ts';
import { downloadTools, downloadToolsScript } from './files/downloadTools.ts';
import { flake } from './files/flake.ts';
import { gitlabCi } from './files/gitlabCi.ts';
import { macosPkg } from './files/macosPkg.ts';
import { nixCi } from './files/nixCi.ts';
import { installScript, pagesCi } from './files/pagesCi.ts';
import { initPy, mainPy, pyproject, readme, serverPy, spec, testPy, validatePy } from './files/python.ts';

/** Text by path. */
export type Files = Readonly<Record<string, string>>;

export const sources: Files = {
  '.gitignore': gitignore,
  'README.md': readme,
  'huskycat.spec': spec,
  'pyproject.toml': pyproject,
  'src/huskycat/__init__.py': initPy,
  'src/huskycat/__main__.py': mainPy,
  'src/huskycat/server.py': serverPy,
  'src/huskycat/validate.py': validatePy,
  'tests/test_validate.py': testPy,
};

export const container: Files = {
  ContainerFile: containerFile,
  'scripts/download-tools.sh': downloadToolsScript,
  'scripts/install.sh': installScript,
};

export const bazel: Files = { '.bazelrc': bazelrc, 'BUILD.bazel': buildBazel, 'MODULE.bazel': moduleBazel };

/** `attic` is the URL of the Attic server, without the cache. */
export function nix(attic: string): Files {
  return { 'flake.nix': flake(attic) };
}

/** The CI configuration; `attic` as for the flake. */
export function ci(attic: string): Files {
  return {
    '.gitlab-ci.yml': gitlabCi,
    '.gitlab/ci/bazel.yml': bazelCi,
    '.gitlab/ci/binaries.yml': binaries,
    '.gitlab/ci/download-tools.yml': downloadTools,
    '.gitlab/ci/macos-pkg.yml': macosPkg,
    '.gitlab/ci/nix.yml': nixCi(attic),
    '.gitlab/ci/pages.yml': pagesCi,
  };
}
