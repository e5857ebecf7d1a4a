/** The Bazel jobs, with the disk cache kept by GitLab. */
export const bazelCi = `# Bazel builds and tests on honey, with the disk cache of .bazelrc.
.bazel:
  image: gcr.io/bazel-public/bazel:7.4.1
  tags: [honey]
  cache:
    key: "bazel-$CI_COMMIT_REF_SLUG"
    fallback_keys:
      - bazel-main
    paths:
      - .cache/bazel
    policy: pull-push

bazel:build:
  extends: .bazel
  stage: build
  needs: []
  script:
    - bazel build --config=ci //...
    - du -sh .cache/bazel

bazel:test:
  extends: .bazel
  stage: test
  needs:
    - bazel:build
  script:
    - bazel test --config=ci //...
`;
