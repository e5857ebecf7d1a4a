import { label } from '../../../core/host/label.ts';

/** Small programs for a shell on the host, as in `../scripts.ts`: 0 when the effect is there, 1 when not, others for what else is. */

/** Arguments: engine, container, when it was started before. */
const isStartedAnew = `o=$("$1" container inspect --format '{{.State.StartedAt}}' "$2" 2>&1) || { printf '%s\\n' "$o"; exit 3; }
if [ "$o" = "$3" ]; then echo "it runs since $o"; exit 1; fi
echo "it was started anew, at $o"`;

/** Arguments: engine, container, its label. Ends with 0 when there is none. */
const sameOrGone = `o=$("$1" container inspect --format '{{index .Config.Labels "${label}"}}' "$2" 2>&1) || {
  case $o in
  *[Nn]o\\ such\\ container* | *[Nn]o\\ such\\ object*) echo "there is no container $2"; exit 0 ;;
  *) printf '%s\\n' "$o"; exit 3 ;;
  esac
}
if [ "$o" != "$3" ]; then echo "another container $2 is there"; exit 2; fi`;

const isDown = `${sameOrGone}
o=$("$1" container inspect --format '{{.State.Running}}' "$2" 2>&1) || { printf '%s\\n' "$o"; exit 3; }
if [ "$o" = true ]; then echo "$2 runs"; exit 1; fi
echo "$2 does not run"`;

const isGone = `${sameOrGone}
echo "$2 is there"; exit 1`;

/** Only what bazel-remote made is removed; the folder goes when nothing else is in it. */
const removeData = `rm -rf -- "$1/cas.v2" "$1/ac.v2" "$1/raw.v2" && { rmdir -- "$1" 2>/dev/null || :; }`;

const hasNoData = `for f in "$1/cas.v2" "$1/ac.v2" "$1/raw.v2"; do
  if [ -e "$f" ]; then echo "$f is there"; exit 1; fi
done
echo "nothing of bazel-remote is in $1"`;

const hasNoVolume = `o=$("$1" volume inspect --format '{{.Name}}' "$2" 2>&1) && { echo "the volume $2 is there"; exit 1; }
case $o in
*[Nn]o\\ such\\ volume*) echo "there is no volume $2"; exit 0 ;;
*) printf '%s\\n' "$o"; exit 3 ;;
esac`;

/**
 * Podman without root: its network gives a port up a moment after the container is gone, which `podman restart` does not wait
 * for.
 */
const stopAndStart = `"$1" stop "$2" || exit
i=0
until o=$("$1" start "$2" 2>&1); do
  i=$((i + 1))
  if [ "$i" -ge 10 ]; then printf '%s\\n' "$o" >&2; exit 1; fi
  sleep 1
done`;

type Argv = [string, ...string[]];

function sh(script: string, ...args: string[]): Argv {
  return ['sh', '-c', script, 'sh', ...args];
}

export const restartCommand = (engine: string, name: string): Argv =>
  engine === 'podman' ? sh(stopAndStart, engine, name) : [engine, 'restart', name];
export const startedAnew = (engine: string, name: string, before: string): Argv =>
  sh(isStartedAnew, engine, name, before);
export const downCheck = (engine: string, name: string, own: string): Argv => sh(isDown, engine, name, own);
export const goneCheck = (engine: string, name: string, own: string): Argv => sh(isGone, engine, name, own);
export const noDataCheck = (folder: string): Argv => sh(hasNoData, folder);
export const noVolumeCheck = (engine: string, volume: string): Argv => sh(hasNoVolume, engine, volume);
export const removeDataCommand = (folder: string): Argv => sh(removeData, folder);
