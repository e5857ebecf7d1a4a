import { setImmediate } from 'node:timers/promises';
import { FileError } from '../fileSystem.ts';
import { builtins } from './builtins.ts';
import { type Execution, noInput, type Sink } from './context.ts';
import { type Expander, expandToPattern, expandToText, expandWords } from './expand.ts';
import { parseShell } from './parser.ts';
import { globPattern } from './pattern.ts';
import { redirect } from './redirect.ts';
import type { AndOr, Command, List, Pipeline } from './syntax.ts';
import { ShellSyntaxError } from './syntax.ts';

/** Functions within each other. */
const deepest = 200;

/** Runs the text of a command; the answer is its exit status. */
export async function runText(text: string, execution: Execution): Promise<number> {
  const { shell, err } = execution;
  try {
    await runList(parseShell(text), execution);
  } catch (thrown) {
    if (!(thrown instanceof ShellSyntaxError)) throw thrown;
    err(`sh: line 1: syntax error: ${thrown.message}\n`);
    shell.status = 2;
  }
  return shell.exit ?? shell.status;
}

async function runList(list: List, execution: Execution): Promise<void> {
  for (const item of list) {
    if (isLeaving(execution)) return;
    if (item.background) {
      runAndOr(item, subshell({ ...execution, input: noInput })).catch(() => {});
      execution.shell.status = 0;
    } else await runAndOr(item, execution);
  }
}

function isLeaving({ shell, signal }: Execution): boolean {
  return signal.aborted || shell.exit !== undefined || shell.leaving !== undefined;
}

async function runAndOr({ first, rest }: AndOr, execution: Execution): Promise<void> {
  const { shell } = execution;
  await runPipeline(first, execution);
  for (const [operator, pipeline] of rest) {
    if (isLeaving(execution)) return;
    if ((shell.status === 0) === (operator === '&&')) await runPipeline(pipeline, execution);
  }
}

/** One after the other: the output of each is the whole input of the next. */
async function runPipeline({ negated, commands }: Pipeline, execution: Execution): Promise<void> {
  const { shell } = execution;
  let { input } = execution;
  for (const [index, command] of commands.entries()) {
    const isLast = index === commands.length - 1;
    const parts: Buffer[] = [];
    const out: Sink = isLast ? execution.out : (data) => parts.push(Buffer.from(data));
    const streams = { ...execution, input, out };
    const own = commands.length > 1 ? subshell(streams) : streams;
    await runCommand(command, own);
    shell.status = own.shell.exit ?? own.shell.status;
    const whole = Buffer.concat(parts);
    input = async () => whole;
  }
  if (negated) shell.status = shell.status === 0 ? 1 : 0;
}

async function runCommand(command: Command, execution: Execution): Promise<void> {
  const { shell, err } = execution;
  const expander = expanderOf(execution);
  try {
    await perform(command, await redirect(command.redirects, execution, expander), expander);
  } catch (thrown) {
    if (!(thrown instanceof FileError) && !(thrown instanceof ShellSyntaxError)) throw thrown;
    err(`sh: line 1: ${thrown.message}\n`);
    shell.status = 2;
  }
}

async function perform(command: Command, execution: Execution, expander: Expander): Promise<void> {
  const { shell } = execution;
  switch (command.kind) {
    case 'group': {
      const own = command.subshell ? subshell(execution) : execution;
      await runList(command.body, own);
      if (command.subshell) shell.status = own.shell.exit ?? own.shell.status;
      return;
    }
    case 'if':
      for (const [condition, body] of command.clauses) {
        await runList(condition, execution);
        if (shell.status === 0) return runList(body, execution);
      }
      shell.status = 0;
      return command.otherwise && runList(command.otherwise, execution);
    case 'for':
      shell.status = 0;
      for (const value of await expandWords(command.words, expander)) {
        shell.variables.set(command.name, value);
        await runList(command.body, execution);
        if (await endsLoop(execution)) return;
      }
      return;
    case 'loop':
      for (let last = 0; ; last = shell.status) {
        await runList(command.condition, execution);
        if ((shell.status === 0) === command.until || isLeaving(execution)) {
          shell.status = last;
          return;
        }
        await runList(command.body, execution);
        if (await endsLoop(execution)) return;
      }
    case 'case': {
      const subject = await expandToText(command.subject, expander);
      for (const [patterns, body] of command.clauses) {
        for (const pattern of patterns) {
          if (globPattern(await expandToPattern(pattern, expander)).test(subject))
            return runList(body, execution);
        }
      }
      shell.status = 0;
      return;
    }
    case 'function':
      shell.functions.set(command.name, command.body);
      shell.status = 0;
      return;
    case 'simple':
      return runSimple(command, execution, expander);
  }
}

/** After a loop's body: whether the loop is over. A loop without end lets the rest of the process live. */
async function endsLoop(execution: Execution): Promise<boolean> {
  const { shell } = execution;
  const { leaving } = shell;
  if (leaving === 'continue' || leaving === 'break') shell.leaving = undefined;
  await setImmediate();
  return leaving === 'break' || isLeaving(execution);
}

async function callFunction(body: Command, args: readonly string[], execution: Execution): Promise<void> {
  const { shell } = execution;
  if (shell.depth >= deepest)
    throw new ShellSyntaxError(`maximum function nesting level exceeded (${deepest})`);
  shell.depth++;
  await setImmediate();
  const before = shell.arguments;
  shell.arguments = [before[0] ?? 'sh', ...args];
  await runCommand(body, execution);
  shell.arguments = before;
  shell.depth--;
  if (shell.leaving === 'return') shell.leaving = undefined;
}

async function runSimple(
  command: Extract<Command, { kind: 'simple' }>,
  execution: Execution,
  expander: Expander,
): Promise<void> {
  const { shell } = execution;
  const argv = await expandWords(command.words, expander);
  const values: [string, string][] = [];
  for (const [name, word] of command.assignments) values.push([name, await expandToText(word, expander)]);
  const [name, ...args] = argv;
  if (name === undefined) {
    // A command without a name has the status of its last substitution (XCU 2.9.1).
    const isCommand = command.assignments.some(([, word]) => word.some(({ kind }) => kind === 'command'));
    if (values.length > 0 && !isCommand) shell.status = 0;
    for (const [key, value] of values) shell.variables.set(key, value);
    return;
  }
  if (name === 'eval') {
    await runText(args.join(' '), execution);
    return;
  }
  const body = shell.functions.get(name);
  if (body) return callFunction(body, args, execution);
  const builtin = builtins.get(name);
  if (builtin) {
    shell.status = await builtin(args, execution);
    return;
  }
  const variables = new Map([...shell.variables, ...values]);
  const exported = new Set([...shell.exported, ...values.map(([key]) => key)]);
  const child = { ...shell, variables, exported };
  shell.status = await execution.run(argv, { ...execution, shell: child });
}

/** The same shell, whose changes are forgotten. */
function subshell(execution: Execution): Execution {
  const { shell } = execution;
  return {
    ...execution,
    shell: {
      ...shell,
      variables: new Map(shell.variables),
      exported: new Set(shell.exported),
      functions: new Map(shell.functions),
    },
  };
}

function expanderOf(execution: Execution): Expander {
  const { shell, machine, user } = execution;
  return {
    shell,
    user,
    files: machine.files,
    async capture(script) {
      const parts: Buffer[] = [];
      const own = subshell({ ...execution, out: (data) => parts.push(Buffer.from(data)) });
      await runList(script, own);
      shell.status = own.shell.exit ?? own.shell.status;
      return Buffer.concat(parts).toString('utf8');
    },
  };
}
