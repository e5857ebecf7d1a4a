import type { Blob, Person, Tree } from './objects.ts';
import { Repository } from './repository.ts';
import { bazel, ci, container, type Files, nix, sources } from './template.ts';

const day = 86_400;

const developers: readonly [Person, Person] = [
  { name: 'Jess Sullivan', email: 'jess@tinyland.example' },
  { name: 'Robin Okafor', email: 'robin@tinyland.example' },
];

export const releaseTag = 'v2.0.0-beta.1';
export const featureBranch = 'feature/json-lines';

/** What the world did to HuskyCat until now. `attic`: URL of the Attic server; `now`: milliseconds since the epoch. */
export function huskycatHistory(attic: string, now: number): Repository {
  const repository = new Repository();
  const seconds = Math.floor(now / 1000);
  let tree: Tree = new Map();
  let notes = '# Changes\n';
  const commit = (daysAgo: number, message: string, files: Files, who = 0): string => {
    notes += `- ${message}\n`;
    tree = withFiles(tree, { 'CHANGELOG.md': notes, ...files });
    const parent = repository.branches.get('main');
    const { sha } = repository.commit({
      parents: parent === undefined ? [] : [parent],
      author: developers[who] ?? developers[0],
      at: seconds - Math.round(daysAgo * day),
      message: `${message}\n`,
      tree,
    });
    repository.branches.set('main', sha);
    return sha;
  };
  commit(61, 'Validate YAML, JSON and Python files', sources);
  commit(44, 'Carry the tools in a container image', container);
  commit(30, 'Build with Bazel, with a disk cache', bazel, 1);
  commit(24, 'Build with Nix and read from the Attic cache', nix(attic));
  commit(12, 'Run everything in pipelines; sign the macOS package', ci(attic), 1);
  const release = commit(3.1, 'Release 2.0.0-beta.1', {});
  repository.tags.set(releaseTag, release);
  commit(2.4, 'Say in the notes what the installer does', {}, 1);
  const base = commit(1.3, 'Name the platforms that have a binary', {});
  commit(0.6, 'Note how the binaries are tried before a release', {});
  branch(repository, base, seconds);
  return repository;
}

function branch(repository: Repository, base: string, seconds: number): void {
  const start = repository.commits.get(base);
  if (!start) return;
  const path = 'src/huskycat/validate.py';
  const before = start.tree.get(path)?.content.toString('utf8') ?? '';
  const checked = before
    .replace(
      'def check_python(',
      `def check_json_lines(path: Path, text: str) -> list[Problem]:
    problems: list[Problem] = []
    for number, line in enumerate(text.splitlines(), start=1):
        try:
            json.loads(line)
        except json.JSONDecodeError as error:
            problems.append(Problem(path, number, error.msg))
    return problems


def check_python(`,
    )
    .replace('    ".json": check_json,\n', '    ".json": check_json,\n    ".jsonl": check_json_lines,\n');
  const test = `${start.tree.get('tests/test_validate.py')?.content.toString('utf8') ?? ''}`.replace(
    '\n\nif __name__',
    `

def test_each_line_of_json_lines_is_checked(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{}\\n{\\n')
    assert [problem.line for problem in validate([path])] == [2]


if __name__`,
  );
  let tree = withFiles(start.tree, { [path]: checked });
  const author = developers[1];
  const first = repository.commit({
    parents: [base],
    author,
    at: seconds - Math.round(1.1 * day),
    message: 'Check JSON lines\n',
    tree,
  });
  tree = withFiles(tree, { 'tests/test_validate.py': test });
  const second = repository.commit({
    parents: [first.sha],
    author,
    at: seconds - Math.round(0.5 * day),
    message: 'Test the check of JSON lines\n',
    tree,
  });
  repository.branches.set(featureBranch, second.sha);
}

/** A tree with some files replaced; scripts are executable. */
function withFiles(tree: Tree, files: Files): Tree {
  const next = new Map(tree);
  for (const [path, text] of Object.entries(files)) {
    const mode: Blob['mode'] = path.endsWith('.sh') ? '100755' : '100644';
    next.set(path, { content: Buffer.from(text), mode });
  }
  return next;
}
