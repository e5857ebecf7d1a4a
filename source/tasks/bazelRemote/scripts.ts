import type { Deployment } from '../../core/bazelRemote/deployment.ts';
import { labelText } from '../../core/bazelRemote/deployment.ts';
import { label } from '../../core/host/label.ts';
import type { Command, RunCommand } from '../../core/plan/action.ts';

type Argv = readonly [string, ...string[]];

/**
 * Small programs for a shell on the host. What differs comes as arguments, never as text of the program. Those that look end
 * with 0 when the effect is there, 1 when it is not, and another status when something else is.
 */
const labelOf = `o=$("$1" container inspect --format '{{index .Config.Labels "${label}"}}' "$2" 2>&1) || {
  case $o in
  *[Nn]o\\ such\\ container* | *[Nn]o\\ such\\ object*) ABSENT ;;
  *) printf '%s\\n' "$o"; exit 3 ;;
  esac
}
if [ "$o" = '<no value>' ]; then o=; fi`;

const isRun = `${labelOf.replace('ABSENT', 'echo "there is no container $2"; exit 1')}
if [ "$o" = "$3" ]; then echo "$2 is there with these settings"; exit 0; fi
if [ "$4" != none ] && [ "$o" = "$4" ]; then echo "$2 is there as it was before"; exit 1; fi
echo "a container $2 with other settings is there"; exit 2`;

const removeRun = `${labelOf.replace('ABSENT', 'exit 0')}
if [ "$4" != none ] && [ "$o" = "$4" ]; then exit 0; fi
if [ "$o" != "$3" ]; then echo "a container $2 with other settings is there"; exit 2; fi
"$1" stop "$2" && "$1" rm "$2"`;

/** A start that failed leaves a container that was created and never ran. */
const removeLeftover = `o=$("$1" container inspect --format '{{.State.Status}} {{index .Config.Labels "${label}"}}' "$2" 2>/dev/null) || exit 0
case $o in
created\\ * | configured\\ * | initialized\\ *) ;;
*) exit 0 ;;
esac
if [ "\${o#* }" = "$3" ]; then "$1" rm "$2"; fi`;

const hasImage = `o=$("$1" image inspect --format '{{.Id}}' "$2" 2>&1) && { echo "the image is there"; exit 0; }
case $o in
*[Nn]o\\ such\\ image* | *image\\ not\\ known*) echo "the image is not there"; exit 1 ;;
*) printf '%s\\n' "$o"; exit 3 ;;
esac`;

const removeImage = `"$1" image inspect --format '{{.Id}}' "$2" >/dev/null 2>&1 || exit 0
"$1" image rm "$2"`;

const field = `o=$("$1" container inspect --format "$3" "$2" 2>&1) || { printf '%s\\n' "$o"; exit 3; }
o=\${o#/}
if [ "$o" = "$4" ]; then echo "it is $o"; exit 0; fi
if [ "$o" = "$5" ]; then echo "it is $o"; exit 1; fi
echo "it is $o"; exit 2`;

const isGone = `o=$("$1" container inspect --format '{{.Id}}' "$2" 2>&1) && { echo "it is there"; exit 1; }
case $o in
*[Nn]o\\ such\\ container* | *[Nn]o\\ such\\ object*) echo "it is gone"; exit 0 ;;
*) printf '%s\\n' "$o"; exit 3 ;;
esac`;

const makeFolder = `mkdir -p -- "$1" && chown -- "$2" "$1"`;
/** What holds data stays. */
const dropFolders = `for d do rmdir -- "$d" 2>/dev/null || exit 0; done`;
const isOwned = `p=$1
for f in "$p" "$p"/cas.v2 "$p"/ac.v2 "$p"/raw.v2; do
  if [ ! -e "$f" ]; then continue; fi
  o=$(stat -c '%u:%g' -- "$f") || exit 3
  if [ "$o" != "$2" ]; then echo "$f belongs to $o"; exit 1; fi
done
echo "it belongs to $2"`;

function sh(script: string, ...args: string[]): [string, ...string[]] {
  return ['sh', '-c', script, 'sh', ...args];
}

/**
 * What the step that runs the container looks for, and how it is taken back; `before` is the label of the one it replaces, empty
 * for one that was not made here.
 */
export function aroundRun(
  deployment: Deployment,
  before = 'none',
): Pick<RunCommand, 'unless' | 'cleanup' | 'undo'> {
  const { engine, name } = deployment;
  const args = [engine, name, labelText(deployment), before];
  return {
    unless: sh(isRun, ...args),
    cleanup: [{ argv: sh(removeLeftover, ...args) }],
    undo: [{ argv: sh(removeRun, ...args) }],
  };
}

export function aroundPull(engine: string, image: string): Pick<RunCommand, 'unless' | 'undo'> {
  return { unless: sh(hasImage, engine, image), undo: [{ argv: sh(removeImage, engine, image) }] };
}

/** Looks at a field of a container, as a Go template gives it: `after` is wanted, `before` is what it is now. */
export function fieldIs(
  engine: string,
  id: string,
  { template, after, before }: { template: string; after: string; before: string },
): Argv {
  return sh(field, engine, id, template, after, before);
}

export function goneCheck(engine: string, id: string): Argv {
  return sh(isGone, engine, id);
}

/** Makes a folder and gives it to an owner; `root` is what comes before a command to run it as root. */
export function makeFolderCommand(
  root: readonly string[],
  folder: string,
  owner: string,
  missing: readonly string[],
): { readonly argv: Argv; readonly undo: readonly Command[] } {
  return {
    argv: asRoot(root, sh(makeFolder, folder, owner)),
    undo: [{ argv: asRoot(root, sh(dropFolders, ...missing)) }],
  };
}

export function ownedCheck(root: readonly string[], folder: string, owner: string): Argv {
  return asRoot(root, sh(isOwned, folder, owner));
}

/** What comes before a command that writes at a path: nothing where the user who logs in owns it and shall. */
export function writerOf(
  {
    root = [],
    home,
    uid,
  }: { readonly root?: readonly string[]; readonly home: string; readonly uid: number },
  path: string,
  owner?: string,
): readonly string[] {
  const isOwn = uid !== 0 && path.startsWith(`${home}/`);
  return isOwn && (owner === undefined || owner.startsWith(`${uid}:`)) ? [] : root;
}

export function asRoot(root: readonly string[], [program, ...rest]: Argv): [string, ...string[]] {
  const [first, ...before] = root;
  return first === undefined ? [program, ...rest] : [first, ...before, program, ...rest];
}
