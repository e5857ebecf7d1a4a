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
};
