/** The standalone binaries, with the tools inside. */
export const binaries = `# One binary a platform, made with PyInstaller around the tools.
.binary:
  stage: package
  cache:
    key: "$CI_JOB_NAME-uv-$CI_COMMIT_REF_SLUG"
    paths:
      - .cache/uv
    policy: pull-push
  script:
    - uv sync --extra build
    - uv run pyinstaller --clean --noconfirm --distpath "dist/bin/$PLATFORM" huskycat.spec
    - '"dist/bin/$PLATFORM/huskycat" --version'

binary:linux-amd64:
  extends: .binary
  image: $PYTHON_IMAGE
  variables:
    PLATFORM: linux-amd64
  needs:
    - download:tools:linux-amd64
    - test:unit
  before_script:
    - apt-get update -qq && apt-get install -y -qq binutils
    - pip install --quiet "uv==$UV_VERSION"
  artifacts:
    expire_in: 1 week
    paths:
      - dist/bin/linux-amd64/

binary:darwin-arm64:
  extends: .binary
  tags: [macos, arm64]
  variables:
    PLATFORM: darwin-arm64
  needs:
    - download:tools:darwin-arm64
    - test:unit
  artifacts:
    expire_in: 1 week
    paths:
      - dist/bin/darwin-arm64/
`;
