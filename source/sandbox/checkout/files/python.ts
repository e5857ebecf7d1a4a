/** The Python package: small, and it does what it says. */
export const pyproject = `[project]
name = "huskycat"
version = "2.0.0b1"
description = "Validates a repository's code and configuration"
requires-python = ">=3.12"
readme = "README.md"
dependencies = ["pyyaml>=6"]

[project.optional-dependencies]
dev = ["bandit", "mypy", "pytest", "ruff", "types-PyYAML"]
build = ["pyinstaller"]

[project.scripts]
huskycat = "huskycat.__main__:main"

[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[tool.hatch.build.targets.wheel]
packages = ["src/huskycat"]

[tool.pytest.ini_options]
pythonpath = ["src"]
`;

export const initPy = `"""Validates a repository's code and configuration."""

__version__ = "2.0.0b1"
`;

export const validatePy = `"""The checks: each takes a file's text and gives what is wrong with it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import yaml


@dataclass(frozen=True)
class Problem:
    path: Path
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


def check_yaml(path: Path, text: str) -> list[Problem]:
    class Loader(yaml.SafeLoader):
        """Knows GitLab's !reference."""

    Loader.add_constructor("!reference", lambda loader, node: loader.construct_sequence(node))
    try:
        yaml.load(text, Loader)  # noqa: S506 - a safe loader
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        return [Problem(path, line, error.problem or "not YAML")]
    return []


def check_json(path: Path, text: str) -> list[Problem]:
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        return [Problem(path, error.lineno, error.msg)]
    return []


def check_python(path: Path, text: str) -> list[Problem]:
    try:
        compile(text, str(path), "exec")
    except SyntaxError as error:
        return [Problem(path, error.lineno or 1, error.msg)]
    return []


CHECKS: dict[str, Callable[[Path, str], list[Problem]]] = {
    ".json": check_json,
    ".py": check_python,
    ".yaml": check_yaml,
    ".yml": check_yaml,
}


def validate(paths: list[Path]) -> list[Problem]:
    problems: list[Problem] = []
    for path in paths:
        check = CHECKS.get(path.suffix)
        if check:
            problems += check(path, path.read_text(encoding="utf-8"))
    return problems
`;

export const mainPy = `"""huskycat --version | validate [--all | FILE...]"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from huskycat import __version__
from huskycat.validate import CHECKS, validate


def main() -> int:
    parser = argparse.ArgumentParser(prog="huskycat")
    parser.add_argument("--version", action="version", version=f"huskycat {__version__}")
    commands = parser.add_subparsers(dest="command", required=True)
    command = commands.add_parser("validate", help="check files by their kind")
    command.add_argument("--all", action="store_true", help="every file below this folder")
    command.add_argument("files", nargs="*", type=Path)
    options = parser.parse_args()
    files = options.files
    if options.all:
        files = sorted(path for path in Path().rglob("*") if path.suffix in CHECKS and path.is_file())
    problems = validate(files)
    for problem in problems:
        print(problem)
    print(f"{len(files)} files, {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
`;

export const serverPy = `"""A line of JSON in, a line of JSON out: {"path": "a.yml", "text": "..."} is answered with its problems."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from huskycat.validate import CHECKS


def answer(line: str) -> str:
    request = json.loads(line)
    path = Path(request["path"])
    check = CHECKS.get(path.suffix)
    problems = check(path, request["text"]) if check else []
    return json.dumps([{"line": problem.line, "message": problem.message} for problem in problems])


def self_test() -> int:
    assert answer('{"path": "a.json", "text": "{}"}') == "[]"
    assert len(json.loads(answer('{"path": "a.json", "text": "{"}'))) == 1
    print("self-test passed")
    return 0


if __name__ == "__main__":
    if "--self-test" in sys.argv:
        sys.exit(self_test())
    for one in sys.stdin:
        print(answer(one), flush=True)
`;

export const testPy = `from pathlib import Path

from huskycat.validate import validate


def test_sound_files_pass(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text("script: !reference [base, script]\\n")
    (tmp_path / "b.json").write_text("{}")
    assert validate(sorted(tmp_path.iterdir())) == []


def test_a_broken_file_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_text("fine = 1\\ndef broken(:\\n")
    (problem,) = validate([path])
    assert problem.path == path
    assert problem.line == 2


if __name__ == "__main__":
    import sys

    import pytest

    sys.exit(pytest.main([__file__]))
`;

export const spec = `# PyInstaller: one file, with the tools of the platform inside.
import os

platform = os.environ["PLATFORM"]
analysis = Analysis(
    ["src/huskycat/__main__.py"],
    pathex=["src"],
    datas=[(f"dist/tools/{platform}", "tools")],
)
exe = EXE(PYZ(analysis.pure), analysis.scripts, analysis.binaries, analysis.datas, name="huskycat")
`;

export const readme = `# HuskyCat

Validates a repository's code and configuration: YAML, JSON and Python, by file or all at once.

\`\`\`sh
curl -fsSL https://tinyland.gitlab.io/ai/huskycat/install.sh | sh
huskycat validate --all
\`\`\`

## Building

| with | how |
|---|---|
| uv | \`uv run huskycat --version\` |
| Nix | \`nix build\`; the team's cache is set up in flake.nix |
| Bazel | \`bazel build //...\`, with a disk cache in .cache/bazel |
| a container | \`docker build --file ContainerFile .\` |

The pipelines are described in .gitlab-ci.yml and .gitlab/ci.
`;
