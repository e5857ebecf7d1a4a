/** Seconds that HuskyCat's jobs usually run: least and most. The plan measured the first four. */
const usual: Readonly<Record<string, readonly [number, number]>> = {
  'container:build:amd64': [1500, 1800],
  'download:tools:linux-amd64': [120, 180],
  'download:tools:darwin-arm64': [120, 180],
  'nix:build': [690, 860],
  'validate:lint': [60, 95],
  'validate:types': [85, 130],
  'validate:yaml': [28, 50],
  'security:bandit': [42, 70],
  'security:secrets': [14, 30],
  'security:image': [110, 190],
  'bazel:build': [360, 480],
  'bazel:test': [190, 280],
  'nix:check': [150, 240],
  'nix:push': [140, 210],
  'test:unit': [125, 185],
  'test:mcp:server': [25, 45],
  'binary:linux-amd64': [190, 270],
  'binary:darwin-arm64': [240, 330],
  sbom: [50, 80],
  'validate:complete': [32, 55],
  'sign:darwin-arm64': [150, 230],
  'notarize:darwin-arm64': [180, 420],
  pages: [25, 45],
  'container:tag:latest': [55, 85],
  release: [15, 30],
};

/** What a job takes once a cache serves it. */
const cached: Readonly<Record<string, readonly [number, number]>> = {
  'container:build:amd64': [120, 200],
  'nix:build': [95, 160],
  'nix:check': [60, 100],
  'bazel:build': [55, 90],
  'bazel:test': [35, 60],
  'validate:lint': [35, 55],
  'validate:types': [60, 90],
  'security:bandit': [22, 35],
  'download:tools:linux-amd64': [14, 28],
  'download:tools:darwin-arm64': [14, 28],
};

/** Least and most seconds of a job. */
export function usualDuration(name: string, isCached: boolean): readonly [number, number] {
  return (isCached ? cached[name] : undefined) ?? usual[name] ?? [40, 80];
}

/** How long a signing job runs until the certificate does not open. */
export const untilWrongPassword: readonly [number, number] = [16, 26];
