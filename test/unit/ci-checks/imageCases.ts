import type { Cases } from './cases.ts';

const pushing = `variables:
  REGISTRY: $CI_REGISTRY_IMAGE
build:
  stage: build
  script:
    - docker build --tag "$REGISTRY:$CI_COMMIT_SHORT_SHA" .
    - docker push "$REGISTRY:$CI_COMMIT_SHORT_SHA"
`;

export const imageCases: Cases = {
  'image-never-pushed': {
    bad: `${pushing}tools:\n  script: sh scripts/tools.sh\ntest:\n  image: \${CI_REGISTRY_IMAGE}:\${CI_COMMIT_SHORT_SHA}-amd64\n  script: ls\n`,
    line: 11,
    good: [
      `${pushing}test:\n  image: \${CI_REGISTRY_IMAGE}:\${CI_COMMIT_SHORT_SHA}\n  script: ls\n`,
      `${pushing}test:\n  image: $CI_REGISTRY_IMAGE/tools:v3\n  script: ls\n`,
      `${pushing}    - ARCH=$(arch)\n    - docker push "$REGISTRY:$CI_COMMIT_SHORT_SHA-$ARCH"\ntest:\n  image: $REGISTRY:$CI_COMMIT_SHORT_SHA-amd64\n  script: ls\n`,
      `${pushing}    - docker buildx bake\ntest:\n  image: $REGISTRY:$CI_COMMIT_SHORT_SHA-amd64\n  script: ls\n`,
      `${pushing}test:\n  image: registry.example/x:$CI_COMMIT_SHORT_SHA-amd64\n  script: ls\n`,
    ],
  },
  'layer-cache-never-pushed': {
    bad: `${pushing}    - docker build --cache-from "$REGISTRY:buildcache" .\n`,
    line: 8,
    good: [
      `${pushing}    - docker build --cache-from "$REGISTRY:buildcache" .\n    - docker push "$REGISTRY:buildcache"\n`,
      `${pushing}    - docker buildx build --cache-from "type=registry,ref=$REGISTRY:c" --cache-to "type=registry,ref=$REGISTRY:c,mode=max" .\n`,
      `${pushing}    - BRANCH=$(branch)\n    - docker build --cache-from "$REGISTRY:$BRANCH" .\n`,
    ],
  },
  'service-port-differs': {
    bad: 'a:\n  services: [postgres:16]\n  variables:\n    DB: postgres://u@postgres:5433/db\n  script: ls\n',
    line: 4,
    good: [
      'a:\n  services: [postgres:16]\n  variables:\n    DB: postgres://u@postgres:5432/db\n  script: ls\n',
      'a:\n  services: [{ name: "postgres:16", command: [-p, "5433"] }]\n  variables:\n    DB: postgres://u@postgres:5433/db\n  script: ls\n',
      'a:\n  services: [postgres:16]\n  variables:\n    PGPORT: "5433"\n    DB: postgres://u@postgres:5433/db\n  script: ls\n',
      'a:\n  services: ["docker:28-dind"]\n  variables:\n    DOCKER_TLS_CERTDIR: /certs\n    DOCKER_HOST: tcp://docker:2376\n  script: ls\n',
      'a:\n  services: ["docker:28-dind"]\n  variables:\n    DOCKER_HOST: tcp://docker:2375\n  script: ls\n',
      'a:\n  services: [{ name: "redis:7", alias: cache }]\n  variables:\n    CACHE_HOST: cache\n    CACHE_PORT: 6379\n  script: docker run registry:5000/redis:7\n',
    ],
  },
};

/** Ports of a service, each with the line at which a job asks for another one. */
export const otherPorts: readonly (readonly [config: string, line: number])[] = [
  [
    'a:\n  services: ["docker:28-dind"]\n  variables:\n    DOCKER_TLS_CERTDIR: /certs\n    DOCKER_HOST: tcp://docker:2375\n  script: ls\n',
    5,
  ],
  [
    'a:\n  services: [{ name: "redis:7", alias: cache }]\n  variables:\n    CACHE_HOST: cache\n    CACHE_PORT: 6380\n  script: ls\n',
    5,
  ],
  [
    'variables:\n  DB_HOST: mysql\na:\n  services: [mysql:8]\n  script:\n    - mysql -h mysql\n    - wait-for-it mysql:3307\n',
    7,
  ],
];
