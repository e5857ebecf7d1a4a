/** The entry of the CI configuration: the container image, the Python checks, and what reads the image. */
export const gitlabCi = `# HuskyCat: validation, container image, binaries, macOS package and pages.
stages:
  - validate
  - security
  - build
  - test
  - package
  - sign
  - deploy

include:
  - local: .gitlab/ci/download-tools.yml
  - local: .gitlab/ci/binaries.yml
  - local: .gitlab/ci/nix.yml
  - local: .gitlab/ci/bazel.yml
  - local: .gitlab/ci/macos-pkg.yml
  - local: .gitlab/ci/pages.yml

workflow:
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
    - if: $CI_COMMIT_BRANCH && $CI_OPEN_MERGE_REQUESTS
      when: never
    - if: $CI_COMMIT_BRANCH
    - if: $CI_COMMIT_TAG

variables:
  CONTAINER_REGISTRY: $CI_REGISTRY_IMAGE
  CONTAINER_TAG: $CI_COMMIT_SHORT_SHA
  PYTHON_IMAGE: python:3.12-slim
  UV_VERSION: "0.9.26"
  UV_CACHE_DIR: $CI_PROJECT_DIR/.cache/uv

default:
  tags: [linux, docker]
  interruptible: true

.uv:
  image: $PYTHON_IMAGE
  cache:
    key: "$CI_JOB_NAME-uv-$CI_COMMIT_REF_SLUG"
    paths:
      - .cache/uv
    policy: pull-push
  before_script:
    - pip install --quiet "uv==$UV_VERSION"
    - uv sync --all-extras

.container_build_template:
  image: docker:25.0
  services:
    - docker:25.0-dind
  variables:
    DOCKER_HOST: tcp://docker:2376
    DOCKER_TLS_CERTDIR: "/certs"
    DOCKER_TLS_VERIFY: "1"
    DOCKER_CERT_PATH: /certs/client
  before_script:
    - until docker info >/dev/null 2>&1; do sleep 1; done
    - echo "$CI_REGISTRY_PASSWORD" | docker login --username "$CI_REGISTRY_USER" --password-stdin "$CI_REGISTRY"

container:build:amd64:
  extends: .container_build_template
  stage: validate
  timeout: 1h
  retry:
    max: 1
    when: runner_system_failure
  script:
    - docker build --pull --file ContainerFile --tag "$CONTAINER_REGISTRY:$CONTAINER_TAG-amd64" .
    - docker push "$CONTAINER_REGISTRY:$CONTAINER_TAG-amd64"

validate:lint:
  extends: .uv
  stage: validate
  script:
    - uv run ruff check src tests
    - uv run ruff format --check src tests

validate:types:
  extends: .uv
  stage: validate
  script:
    - uv run mypy src

validate:yaml:
  stage: security
  image: $CONTAINER_REGISTRY:$CONTAINER_TAG-amd64
  needs:
    - container:build:amd64
  script:
    - huskycat validate .gitlab-ci.yml .gitlab/ci/*.yml

security:bandit:
  extends: .uv
  stage: security
  script:
    - uv run bandit --recursive src --severity-level medium

security:secrets:
  stage: security
  image:
    name: zricethezav/gitleaks:v8.21.2
    entrypoint: [""]
  needs: []
  script:
    - gitleaks detect --source . --no-banner --redact

security:image:
  stage: security
  image:
    name: aquasec/trivy:0.58.1
    entrypoint: [""]
  needs:
    - container:build:amd64
  allow_failure: true
  script:
    - trivy image --exit-code 1 --severity CRITICAL "$CONTAINER_REGISTRY:$CONTAINER_TAG-amd64"

test:unit:
  stage: test
  image: $CONTAINER_REGISTRY:$CONTAINER_TAG-amd64
  needs:
    - container:build:amd64
  script:
    - python -m pytest tests --junitxml=report.xml
  artifacts:
    when: always
    expire_in: 1 week
    paths:
      - report.xml
    reports:
      junit: report.xml

test:mcp:server:
  stage: test
  image: $CONTAINER_REGISTRY:$CONTAINER_TAG-amd64
  needs:
    - container:build:amd64
  script:
    - python -m huskycat.server --self-test

sbom:
  stage: package
  image:
    name: anchore/syft:v1.18.1-debug
    entrypoint: [""]
  script:
    - /syft "$CONTAINER_REGISTRY:$CONTAINER_TAG-amd64" --output spdx-json=sbom.spdx.json
  artifacts:
    expire_in: 30 days
    paths:
      - sbom.spdx.json

validate:complete:
  stage: package
  image: $CONTAINER_REGISTRY:$CONTAINER_TAG-amd64
  script:
    - huskycat validate --all

container:tag:latest:
  extends: .container_build_template
  stage: deploy
  rules:
    - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH
  script:
    - docker pull "$CONTAINER_REGISTRY:$CONTAINER_TAG-amd64"
    - docker tag "$CONTAINER_REGISTRY:$CONTAINER_TAG-amd64" "$CONTAINER_REGISTRY:latest"
    - docker push "$CONTAINER_REGISTRY:latest"
`;
