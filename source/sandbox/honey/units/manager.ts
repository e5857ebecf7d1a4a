import { setTimeout as delay } from 'node:timers/promises';
import { type FileSystem, superuser } from '../fileSystem.ts';
import { type Exec, type Loaded, loadQuadlet, loadService } from './parse.ts';

export type UnitState = 'inactive' | 'active' | 'activating' | 'failed';

/** Runs one command of a unit until it ends, or until the signal says so. */
export type RunCommand = (argv: readonly string[], signal: AbortSignal) => Promise<number>;

/** A systemd: units as they were loaded last, and what runs of them. */
export interface UnitManager {
  /** Reads the files anew; what runs goes on. */
  reload(): void;
  /** Undefined for a unit that is not loaded. */
  state(name: string): UnitState | undefined;
  enablement(name: string): 'enabled' | 'disabled' | 'generated' | undefined;
  /** False for a unit that is not loaded; a generated one, or one without [Install], is refused. */
  setEnabled(name: string, isEnabled: boolean): 'done' | 'generated' | 'absent';
  start(name: string, run: RunCommand): Promise<'done' | 'absent' | 'failed'>;
  stop(name: string): Promise<'done' | 'absent'>;
  shutDown(): Promise<void>;
}

interface Running {
  state: UnitState;
  readonly controller: AbortController;
  readonly run: RunCommand;
  readonly unit: Loaded;
  ended: Promise<void>;
}

/** The folders with services and with quadlets. */
export function createUnitManager(files: FileSystem, services: string, quadlets: string): UnitManager {
  let units = new Map<string, Loaded>();
  const running = new Map<string, Running>();
  const enabled = new Set<string>();

  function read(folder: string, ending: string, load: typeof loadService): [string, Loaded][] {
    if (!files.exists(folder)) return [];
    const node = files.find(folder, superuser);
    if (node.kind !== 'directory') return [];
    return [...node.entries.keys()].flatMap((name): [string, Loaded][] => {
      if (!name.endsWith(ending) || name.startsWith('.')) return [];
      const path = `${folder}/${name}`;
      const unit = load(path, files.read(path, superuser).toString('utf8'));
      return unit ? [[`${name.slice(0, -ending.length)}.service`, unit]] : [];
    });
  }

  async function supervise(one: Running): Promise<void> {
    const { run, unit, controller } = one;
    const { signal } = controller;
    for (;;) {
      one.state = 'active';
      const code = await prepared(unit, run, signal);
      const again = unit.restart === 'always' || (unit.restart === 'on-failure' && code !== 0);
      if (signal.aborted || !again) {
        one.state = signal.aborted || code === 0 ? 'inactive' : 'failed';
        return;
      }
      one.state = 'activating';
      await delay(unit.pause * 1000, undefined, { signal, ref: false }).catch(() => {});
    }
  }

  async function stop(name: string): Promise<void> {
    const one = running.get(name);
    if (!one) return;
    for (const { argv } of one.unit.stop) await one.run(argv, new AbortController().signal);
    one.controller.abort();
    await one.ended;
    running.delete(name);
  }

  return {
    reload() {
      units = new Map([
        ...read(quadlets, '.container', loadQuadlet),
        ...read(services, '.service', loadService),
      ]);
    },
    state: (name) => running.get(name)?.state ?? (units.has(name) ? 'inactive' : undefined),
    enablement(name) {
      const unit = units.get(name);
      if (!unit) return undefined;
      return unit.isGenerated ? 'generated' : enabled.has(name) ? 'enabled' : 'disabled';
    },
    setEnabled(name, isEnabled) {
      const unit = units.get(name);
      if (!unit) return 'absent';
      if (unit.isGenerated) return 'generated';
      if (isEnabled) enabled.add(name);
      else enabled.delete(name);
      return 'done';
    },
    async start(name, run) {
      const unit = units.get(name);
      if (!unit) return 'absent';
      const before = running.get(name);
      if (before && before.state !== 'inactive' && before.state !== 'failed') return 'done';
      const one: Running = {
        state: 'activating',
        controller: new AbortController(),
        run,
        unit,
        ended: Promise.resolve(),
      };
      running.set(name, one);
      one.ended = supervise(one);
      return 'done';
    },
    async stop(name) {
      if (!units.has(name) && !running.has(name)) return 'absent';
      await stop(name);
      return 'done';
    },
    async shutDown() {
      for (const name of [...running.keys()]) await stop(name);
    },
  };
}

async function prepared(unit: Loaded, run: RunCommand, signal: AbortSignal): Promise<number> {
  for (const { argv, isOptional } of unit.before) {
    const code = await run(argv, signal);
    if (code !== 0 && !isOptional) return code;
  }
  return run((unit.start satisfies Exec).argv, signal);
}
