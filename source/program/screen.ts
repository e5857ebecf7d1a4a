import type { CommonFlags } from '../compose/flags.ts';
import { openSession } from '../compose/session.ts';
import { openInBrowser } from '../services/browser/open.ts';

/** The screen: over what is configured, or over the sandbox when nothing is. Gives the exit status. */
export async function showScreen(flags: CommonFlags, version: string): Promise<number> {
  const { createQuestions, runApp } = await import('../../views/app.tsx');
  const questions = createQuestions();
  const session = await openSession({
    flags,
    version,
    isSandboxWelcome: true,
    ask: async (key) => ((await questions.hostKey(key)) ? 'save' : 'refuse'),
  });
  try {
    return await runApp({
      monitor: session.monitor,
      workspace: session.workspace,
      version,
      questions,
      options: {
        ...(session.theme === 'light' || session.theme === 'dark' ? { theme: session.theme } : {}),
        ...(session.isAscii ? { ascii: true } : {}),
        openUrl: openInBrowser,
        onToken: session.signIn,
      },
    });
  } finally {
    await session.save().catch(() => {});
    await session.close();
  }
}
