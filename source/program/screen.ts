import { createQuestions, runApp } from '../../views/app.tsx';
import type { CommonFlags } from '../compose/flags.ts';
import type { Session } from '../compose/session.ts';
import { createStarting } from '../monitor/starting.ts';
import { type FirstPaint, themeOf } from './firstPaint.ts';
import { openOutput, sayFailure } from './output.ts';

/** Shows the screen that the launcher has painted, alive. Gives the exit status. */
export async function startScreen(painted: FirstPaint): Promise<number> {
  const io = openOutput();
  try {
    return await showScreen(painted.flags, process.env.HUSKYCAT_VERSION ?? 'unbuilt', painted);
  } catch (thrown) {
    painted.leave();
    return sayFailure(thrown, io);
  }
}

/**
 * The screen: over what is configured, or over the sandbox when nothing is. It answers keys before that is found out. Gives
 * the exit status.
 */
export async function showScreen(flags: CommonFlags, version: string, painted?: FirstPaint): Promise<number> {
  const questions = createQuestions();
  let session: Promise<Session> | undefined;
  painted?.handOver(process.stdout);
  try {
    return await runApp({
      ...createStarting(),
      version,
      questions,
      options: themeOf(flags, process.env),
      async open() {
        session = openLater(flags, version, questions);
        const { monitor, workspace, theme, isAscii, hide, signIn } = await session;
        const { openInBrowser } = await import('../services/browser/open.ts');
        return {
          monitor,
          workspace,
          options: {
            ...(theme === 'light' || theme === 'dark' ? { theme } : {}),
            ...(isAscii ? { ascii: true } : {}),
            openUrl: openInBrowser,
            hide,
            onToken: signIn,
          },
        };
      },
    });
  } finally {
    const opened = await session?.catch(() => undefined);
    await opened?.save().catch(() => {});
    await opened?.close();
  }
}

async function openLater(
  flags: CommonFlags,
  version: string,
  questions: ReturnType<typeof createQuestions>,
): Promise<Session> {
  const { openSession } = await import('../compose/session.ts');
  return openSession({
    flags,
    version,
    isSandboxWelcome: true,
    sandbox: { mergesProposals: true },
    ask: async (key) => ((await questions.hostKey(key)) ? 'save' : 'refuse'),
  });
}
