import { format } from 'node:util';

const methods = ['log', 'info', 'warn', 'error', 'debug', 'trace', 'dir'] as const;

const kept = 100;

/** Keeps what libraries say on the console, and Node's warnings, off the screen; `restore` gives it back. */
export function holdConsole(): { restore(): readonly string[] } {
  const said: string[] = [];
  const say = (text: string): void => {
    if (said.length < kept) said.push(text);
  };
  const before = methods.map((name) => [name, console[name]] as const);
  for (const name of methods) console[name] = (...values: unknown[]) => say(format(...values));
  const printers = process.listeners('warning');
  process.removeAllListeners('warning');
  const onWarning = (warning: Error): void => say(`${warning.name}: ${warning.message}`);
  process.on('warning', onWarning);
  return {
    restore() {
      for (const [name, method] of before) console[name] = method;
      process.off('warning', onWarning);
      for (const printer of printers) process.on('warning', printer);
      return said;
    },
  };
}
