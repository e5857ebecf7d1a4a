import { createQuestions } from '../../views/dialogs/ask.ts';
import type { CommonFlags } from '../compose/flags.ts';
import { openSession } from '../compose/session.ts';
import { openInBrowser } from '../services/browser/open.ts';
import type { FirstPaint } from './firstPaint.ts';

/** The screen: over what is configured, or over the sandbox when nothing is. Gives the exit status. */
export async function showScreen(flags: CommonFlags, version: string, painted?: FirstPaint): Promise<number> {
  const questions = createQuestions();
  const loading = import('../../views/app.tsx');
  const session = await openSession({
    flags,
    version,
    isSandboxWelcome: true,
    ask: async (key) => ((await questions.hostKey(key)) ? 'save' : 'refuse'),
  });
  try {
    const { runApp } = await loading;
    painted?.handOver(process.stdout);
    return await runApp({
      monitor: session.monitor,
      workspace: session.workspace,
      version,
      questions,
      options: {
        ...(session.theme === 'light' || session.theme === 'dark' ? { theme: session.theme } : {}),
        ...(session.isAscii ? { ascii: true } : {}),
        openUrl: openInBrowser,
        hide: session.hide,
        onToken: session.signIn,
      },
    });
  } finally {
    await session.save().catch(() => {});
    await session.close();
  }
}
