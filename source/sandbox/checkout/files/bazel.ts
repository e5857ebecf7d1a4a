/** `.bazelrc`: the disk cache is on; the remote cache stands commented in lines 42 to 45. */
export const bazelrc = `# Bazel settings of HuskyCat. See https://bazel.build/run/bazelrc

# --- Common -----------------------------------------------------------------
common --enable_bzlmod
common --lockfile_mode=update
common --color=auto
common --show_timestamps

# --- Build ------------------------------------------------------------------
build --incompatible_strict_action_env
build --nolegacy_external_runfiles
build --experimental_convenience_symlinks=ignore
build --jobs=auto

# --- Test -------------------------------------------------------------------
test --test_output=errors
test --test_summary=terse

# --- Disk cache -------------------------------------------------------------
# Local to a checkout; CI keeps it between pipelines.
build --disk_cache=.cache/bazel
build --repository_cache=.cache/bazel/repos
test --disk_cache=.cache/bazel

# --- Configurations ---------------------------------------------------------
# bazel build --config=prod //...
build:prod --compilation_mode=opt
build:prod --stamp

# bazel build --config=ci //...
build:ci --color=no
build:ci --curses=no
build:ci --noshow_progress
build:ci --verbose_failures
test:ci --flaky_test_attempts=1

# --- Remote cache -----------------------------------------------------------
# A bazel-remote server shares results between machines. It is not deployed yet;
# the port is that of gRPC, and the machine is honey, which is reached over
# Tailscale.
#
# build --remote_cache=grpc://100.77.196.50:9092
# build --remote_upload_local_results=true
# build --remote_timeout=3600
# build --remote_download_minimal
`;

export const moduleBazel = `module(name = "huskycat", version = "2.0.0")

bazel_dep(name = "rules_python", version = "1.0.0")

python = use_extension("@rules_python//python/extensions:python.bzl", "python")
python.toolchain(python_version = "3.12", is_default = True)
`;

export const buildBazel = `load("@rules_python//python:defs.bzl", "py_binary", "py_library", "py_test")

py_library(
    name = "lib",
    srcs = glob(["src/huskycat/*.py"]),
    imports = ["src"],
    visibility = ["//visibility:public"],
)

py_binary(
    name = "huskycat",
    srcs = ["src/huskycat/__main__.py"],
    main = "src/huskycat/__main__.py",
    deps = [":lib"],
)

py_test(
    name = "test_validate",
    srcs = ["tests/test_validate.py"],
    deps = [":lib"],
)
`;
