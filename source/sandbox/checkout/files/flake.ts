/** `flake.nix`: the cache is a substituter; its key stands commented in line 23. */
export function flake(server: string): string {
  return `{
  description = "HuskyCat: validates a repository's code and configuration";

  # Who builds here reads from the team's cache first. Nix takes these settings
  # only from users it trusts, or asks (accept-flake-config).
  #
  # The cache is an Attic server. It signs what it serves with a key of its own;
  # without that key Nix warns and builds everything itself.
  #
  #   attic cache info main
  #
  # shows the key. It belongs here, and in the Nix jobs of the pipeline, where the
  # same line waits for it.
  nixConfig = {
    extra-substituters = [
      "https://cache.nixos.org"
      "${server}/main"
    ];
    extra-trusted-public-keys = [
      "cache.nixos.org-1:6NCHdD59X431o0gWypbMrAURkbJ16ZPMQFGspcDShjY="
      # The public key of the Attic cache, as the server shows it. Nix refuses a
      # substitute that no key here has signed, and builds it again:
      # "main:<PUBLIC KEY OF THE CACHE>"
    ];
  };

  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-24.11";
    flake-utils.url = "github:numtide/flake-utils";
  };

  outputs = { self, nixpkgs, flake-utils }:
    flake-utils.lib.eachSystem [ "x86_64-linux" "aarch64-darwin" ] (system:
      let
        pkgs = nixpkgs.legacyPackages.\${system};
        huskycat = pkgs.python312Packages.buildPythonApplication {
          pname = "huskycat";
          version = "2.0.0b1";
          pyproject = true;
          src = self;
          build-system = [ pkgs.python312Packages.hatchling ];
          dependencies = [ pkgs.python312Packages.pyyaml ];
          nativeCheckInputs = [ pkgs.python312Packages.pytestCheckHook ];
        };
      in {
        packages.default = huskycat;
        checks.default = huskycat;
        devShells.default = pkgs.mkShell {
          packages = [ pkgs.uv pkgs.bazel_7 pkgs.hadolint pkgs.shellcheck ];
        };
      });
}
`;
}
