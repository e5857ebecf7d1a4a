import { type RealCases, real } from './realCase.ts';

/** Caches, artifacts and images that a rule must find, and those that only look like them. */
export const realStores: RealCases = [
  real(
    'cache pipeline id',
    'a: {script: ls, cache: {key: "$CI_PIPELINE_ID", paths: [x]}}\nb: {script: ls, cache: {key: "$CI_PIPELINE_ID", paths: [x]}}\n',
    [],
  ),
  real(
    'cache job id',
    'a: {script: ls, cache: {key: "$CI_JOB_ID-x", paths: [x]}}\nb: {script: ls, cache: {key: "$CI_JOB_ID-x", paths: [x]}}\n',
    ['cache-never-hits'],
  ),
  real('cache sha', 'a: {script: ls, cache: {key: "$CI_COMMIT_SHA", paths: [x]}}\n', ['cache-never-hits']),
  real(
    'cache default shared',
    'default: {cache: {key: "x-$CI_COMMIT_SHA", paths: [x]}}\na: {script: ls}\nb: {script: ls, stage: deploy}\n',
    [],
  ),
  real(
    'cache lock',
    'a: {script: npm ci, cache: {key: npm, paths: [node_modules/]}}\n',
    ['cache-ignores-lock'],
    { 'package-lock.json': '{}' },
  ),
  real(
    'cache lock ok',
    'a: {script: npm ci, cache: {key: {files: [package-lock.json]}, paths: [node_modules/]}}\n',
    [],
    { 'package-lock.json': '{}' },
  ),
  real('cache of npm dir', 'a: {script: npm ci, cache: {key: npm, paths: [.npm/]}}\n', [], {
    'package-lock.json': '{}',
  }),
  real(
    'cache pull only',
    'a: {script: npm ci, cache: {key: npm, paths: [node_modules/], policy: pull}}\n',
    [],
    { 'package-lock.json': '{}' },
  ),
  real(
    'expire',
    'b: {stage: build, script: ls, artifacts: {paths: [x], expire_in: 5 min}}\na: {script: ls, needs: [b]}\n',
    ['artifacts-expire-early'],
  ),
  real(
    'expire stage order',
    'b: {stage: build, script: ls, artifacts: {paths: [x], expire_in: 5 min}}\na: {script: ls}\n',
    ['artifacts-expire-early'],
  ),
  real(
    'expire last job',
    'b: {stage: build, script: ls}\na: {script: ls, artifacts: {paths: [x], expire_in: 5 min}}\n',
    [],
  ),
  real('unpinned variable', 'a: {script: ls, image: "$IMG:latest"}\n', []),
  real(
    'unpinned digest',
    'a: {script: ls, image: "x/y@sha256:aaa"}\nb: {script: ls, image: {name: "alpine:3.20"}}\n',
    [],
  ),
  real('unpinned services', 'a: {script: ls, image: "x:1", services: [postgres]}\n', ['unpinned-image']),
  real(
    'kaniko',
    'a: {script: ls, image: {name: "gcr.io/kaniko-project/executor:v1.9.0-debug", entrypoint: [""]}}\n',
    ['archived-kaniko'],
  ),
  real('kaniko fork', 'a: {script: ls, image: "ghcr.io/osscontainertools/kaniko:v1.25"}\n', []),
  real(
    'dind tls',
    'a: {script: docker info, image: "docker:27", services: ["docker:27-dind"], variables: {DOCKER_TLS_CERTDIR: "", DOCKER_HOST: "tcp://docker:2375"}}\n',
    ['dind-without-tls'],
  ),
  real(
    'dind --tls=false',
    'a: {script: docker info, image: "docker:27", services: [{name: "docker:27-dind", command: ["--tls=false"]}]}\n',
    ['dind-without-tls'],
  ),
  real(
    'array in alpine',
    'a:\n  image: alpine:3\n  script:\n    - |\n      FILES=(a b)\n      for f in "${FILES[@]}"; do echo $f; done\n',
    ['bash-in-sh'],
  ),
  real(
    'docker:27 [[ ]]',
    'a:\n  image: docker:27\n  script:\n    - if [[ "$CI" == "true" ]]; then ls; fi\n',
    [],
  ),
  real(
    'python f-string in heredoc',
    'a:\n  image: python:3.13-alpine\n  script:\n    - |\n      python3 - <<EOF\n      x=(1,2)\n      EOF\n',
    [],
  ),
  real(
    'subshell assign',
    'a:\n  image: alpine:3\n  script:\n    - X=$(ls); (cd x && ls); Y=`ls`\n    - "awk -F= \'{x=(a)}\' f"\n',
    [],
  ),
  real(
    'image never pushed',
    'b: {stage: build, image: "docker:27", script: ["docker build -t $CI_REGISTRY_IMAGE:$CI_COMMIT_SHA .", "docker push $CI_REGISTRY_IMAGE:$CI_COMMIT_SHA"]}\na: {script: ls, image: "$CI_REGISTRY_IMAGE:$CI_COMMIT_SHORT_SHA"}\n',
    ['image-never-pushed'],
  ),
  real(
    'image renamed stable tag',
    'b: {stage: build, image: "docker:27", script: ["docker build -t $CI_REGISTRY_IMAGE/ci:v2 .", "docker push $CI_REGISTRY_IMAGE/ci:v2"]}\na: {script: ls, image: "$CI_REGISTRY_IMAGE/ci:v1"}\n',
    [],
  ),
  real(
    'variable set by matrix/dotenv/extends',
    'v:\n  stage: build\n  script:\n    - echo "VERSION=1" > b.env\n  artifacts: {reports: {dotenv: b.env}}\na:\n  script:\n    - x $VERSION $REGION\n  parallel: {matrix: [{REGION: [a]}]}\n',
    [],
  ),
  real('no runner', 'a: {script: ls, tags: [gpu]}\n', []),
  real(
    'gate',
    'scan: {stage: build, script: trivy x, allow_failure: true}\npublish: {stage: deploy, script: ls, needs: [scan]}\n',
    ['gate-may-fail'],
  ),
  real(
    'powershell',
    'a:\n  tags: [saas-windows-medium-amd64]\n  script:\n    - Write-Host "${env:PATH}"\n    - $x = "${foo.bar}"\n',
    [],
  ),
  real(
    'gh upload of own build',
    'b:\n  stage: build\n  script: make\n  artifacts: {paths: [dist/]}\na:\n  image: debian:13\n  needs: []\n  script:\n    - npm ci\n    - npm run build\n    - cp -r dist/ /srv\n',
    [],
  ),
  real(
    'cp from tracked',
    'b:\n  stage: build\n  script: make\n  artifacts: {paths: [docs/]}\na:\n  needs: []\n  script:\n    - cp -r docs/ /srv\n',
    [],
    { 'docs/a.md': 'x' },
  ),
  real(
    'cp reads after cd',
    'b:\n  stage: build\n  script: make\n  artifacts: {paths: [dist/]}\na:\n  needs: []\n  script:\n    - cd sub\n    - cp -r dist/ /srv\n',
    [],
  ),
  real(
    'cache brings',
    'b:\n  stage: build\n  script: make\n  artifacts: {paths: [dist/]}\na:\n  needs: []\n  cache: {key: {files: [x]}, paths: [dist/]}\n  script:\n    - cp -r dist/ /srv\n',
    [],
  ),
  real(
    'service registry',
    'a: {script: docker pull registry:5000/x:1, image: "docker:27", services: ["registry:2"]}\n',
    [],
  ),
  real(
    'service url port mgmt',
    'a: {script: "curl http://rabbitmq:15672", image: "x:1", services: ["rabbitmq:3-management"]}\n',
    [],
  ),
  real(
    'service custom image',
    'a: {script: "x", image: "x:1", services: [{name: "$CI_REGISTRY_IMAGE/postgres:1", alias: postgres}], variables: {U: "postgres://postgres:6000/x"}}\n',
    ['service-port-differs'],
  ),
  real(
    'image bash alias',
    'a:\n  image: golang:1.23-alpine\n  before_script:\n    - apk add --no-cache bash git\n  script:\n    - go test ./...\n    - ./script.sh <<< "x"\n',
    ['bash-in-sh'],
  ),
  real('image with custom entry bash', 'a:\n  image: bash:5\n  script:\n    - A=(1)\n', []),
  real(
    'docker in cmd',
    'a:\n  image: docker:27-cli\n  script:\n    - docker run x sh -c "declare -p"\n    - docker run alpine "a <<< b"\n',
    [],
  ),
  real(
    'case patterns',
    'a:\n  image: alpine:3\n  script:\n    - |\n      case "$CI" in\n        true) A=1 ;;\n        *) B="(x)" ;;\n      esac\n      trap "echo ERR" EXIT\n      f() { local x; }\n',
    [],
  ),
  real(
    'manual gate in MR',
    'gate: {stage: build, script: ls, rules: [{if: $CI_MERGE_REQUEST_IID, when: manual}]}\ntest: {script: ls, rules: [{if: $CI_MERGE_REQUEST_IID}]}\n',
    ['manual-holds-stages'],
  ),
  real(
    'manual same name only',
    'deploy: {stage: deploy, script: ls, rules: [{when: manual}]}\npost: {stage: .post, script: ls}\ntest: {script: ls}\n',
    ['manual-holds-stages'],
  ),
  real(
    'needs excluded tag',
    'b: {stage: build, script: ls, rules: [{if: $CI_COMMIT_BRANCH}]}\na: {script: ls, needs: [b], rules: [{if: $CI_COMMIT_BRANCH}, {if: $CI_COMMIT_TAG}]}\n',
    ['creation-error'],
  ),
  real('private address', 'a: {script: ls}\n', ['bazelrc-private-address'], {
    '.bazelrc': 'common --remote_cache=grpc://honey.tail1234.ts.net:9092\n',
  }),
  real('try-import', 'a: {script: ls}\n', [], { '.bazelrc': 'try-import %workspace%/user.bazelrc\n' }),
  real(
    'kaniko v',
    'a: {script: /kaniko/executor --destination x, image: {name: "gcr.io/kaniko-project/executor:debug", entrypoint: [""]}}\n',
    ['archived-kaniko'],
  ),
];
