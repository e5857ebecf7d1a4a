/** The Nix jobs: they name the cache, and do not trust its key yet. `cache` is the URL of the binary cache. */
export function nixCi(server: string): string {
  return `# Builds the flake on honey and pushes the result to the Attic cache.
.nix:
  image: nixos/nix:latest
  tags: [honey]
  variables:
    ATTIC_SERVER: ${server}
    ATTIC_CACHE: main
    NIX_CONFIG: |
      experimental-features = nix-command flakes
      extra-substituters = ${server}/main
      # extra-trusted-public-keys = main:<PUBLIC KEY OF THE CACHE>

nix:build:
  extends: .nix
  stage: build
  needs: []
  script:
    - nix build --print-build-logs --out-link result
    - ./result/bin/huskycat --version
    - nix path-info --recursive ./result > closure.txt
  artifacts:
    expire_in: 1 day
    paths:
      - closure.txt

nix:check:
  extends: .nix
  stage: test
  needs:
    - nix:build
  script:
    - nix flake check --print-build-logs

nix:push:
  extends: .nix
  stage: deploy
  needs:
    - nix:build
    - nix:check
  rules:
    - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH
  script:
    - nix build --out-link result
    - nix profile install nixpkgs#attic-client
    - attic login --set-default ci "$ATTIC_SERVER" "$ATTIC_TOKEN"
    - attic push "$ATTIC_CACHE" ./result
`;
}
