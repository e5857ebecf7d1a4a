/** GitLab Pages with the install script, and the release of a tag. */
export const pagesCi = `# The website with the install script, and the release of a tag.
pages:
  stage: deploy
  image: $PYTHON_IMAGE
  needs:
    - binary:linux-amd64
  rules:
    - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH
  script:
    - mkdir -p public/bin
    - cp scripts/install.sh public/install.sh
    - cp dist/bin/linux-amd64/huskycat public/bin/huskycat-linux-amd64
  artifacts:
    paths:
      - public

release:
  stage: deploy
  image: registry.gitlab.com/gitlab-org/release-cli:v0.20.0
  needs:
    - binary:linux-amd64
    - notarize:darwin-arm64
  rules:
    - if: $CI_COMMIT_TAG
  script:
    - echo "release $CI_COMMIT_TAG"
  release:
    tag_name: $CI_COMMIT_TAG
    description: HuskyCat $CI_COMMIT_TAG
`;

/** What `curl …/install.sh | sh` runs. */
export const installScript = `#!/bin/sh
# Installs the HuskyCat binary: install.sh [FOLDER]
set -eu

folder=\${1:-$HOME/.local/bin}
base=https://tinyland.gitlab.io/ai/huskycat/bin
case $(uname -s)-$(uname -m) in
  Linux-x86_64) name=huskycat-linux-amd64 ;;
  Darwin-arm64) name=huskycat-darwin-arm64 ;;
  *)
    echo "no binary for $(uname -s) $(uname -m)" >&2
    exit 1
    ;;
esac
mkdir -p "$folder"
curl --fail --location --output "$folder/huskycat" "$base/$name"
chmod 755 "$folder/huskycat"
"$folder/huskycat" --version
`;
