/** Tools that the binaries carry, fetched anew in every pipeline and kept for a day. */
export const downloadTools = `# The tools that HuskyCat's binaries bring along, a job a platform.
.download_tools:
  stage: build
  image: alpine:3.21
  before_script:
    - apk add --no-cache curl tar xz
  script:
    - sh scripts/download-tools.sh "$PLATFORM" "dist/tools/$PLATFORM"
    - ls -l "dist/tools/$PLATFORM"

download:tools:linux-amd64:
  extends: .download_tools
  variables:
    PLATFORM: linux-amd64
  needs:
    - container:build:amd64
  artifacts:
    name: tools-linux-amd64
    expire_in: 1 day
    paths:
      - dist/tools/linux-amd64/

download:tools:darwin-arm64:
  extends: .download_tools
  variables:
    PLATFORM: darwin-arm64
  needs:
    - container:build:amd64
  artifacts:
    name: tools-darwin-arm64
    expire_in: 1 day
    paths:
      - dist/tools/darwin-arm64/
`;

/** What the download jobs run. */
export const downloadToolsScript = `#!/bin/sh
# Fetches the pinned tools for one platform: download-tools.sh PLATFORM FOLDER
set -eu

platform=$1
folder=$2
mkdir -p "$folder"

fetch() {
  name=$1
  url=$2
  echo "$name: $url"
  curl --fail --location --progress-bar --retry 3 --output "$folder/$name" "$url"
  chmod 755 "$folder/$name"
}

fetch_member() {
  name=$1
  member=$2
  url=$3
  echo "$name: $url"
  curl --fail --location --progress-bar --retry 3 "$url" | tar -xJ -O "$member" > "$folder/$name"
  chmod 755 "$folder/$name"
}

github=https://github.com
case $platform in
  linux-amd64)
    fetch hadolint "$github/hadolint/hadolint/releases/download/v2.12.0/hadolint-Linux-x86_64"
    fetch taplo.gz "$github/tamasfe/taplo/releases/download/0.9.3/taplo-full-linux-x86_64.gz"
    fetch_member shellcheck shellcheck-v0.10.0/shellcheck \\
      "$github/koalaman/shellcheck/releases/download/v0.10.0/shellcheck-v0.10.0.linux.x86_64.tar.xz"
    ;;
  darwin-arm64)
    fetch hadolint "$github/hadolint/hadolint/releases/download/v2.12.0/hadolint-Darwin-x86_64"
    fetch taplo.gz "$github/tamasfe/taplo/releases/download/0.9.3/taplo-full-darwin-aarch64.gz"
    fetch_member shellcheck shellcheck-v0.10.0/shellcheck \\
      "$github/koalaman/shellcheck/releases/download/v0.10.0/shellcheck-v0.10.0.darwin.aarch64.tar.xz"
    ;;
  *)
    echo "no tools for $platform" >&2
    exit 2
    ;;
esac

gunzip --force "$folder/taplo.gz"
chmod 755 "$folder/taplo"
`;
