import { NeedsUser } from '../../core/failure.ts';
import { runReading } from '../process/run.ts';

/** Opens an http or https address in the user's browser. Throws `NeedsUser` where there is none, as in an SSH session. */
export async function openInBrowser(
  url: string,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Promise<void> {
  if (!/^https?:\/\//.test(url)) throw noBrowser(url, 'only http and https addresses are opened');
  const isDesktop =
    process.platform === 'darwin' ||
    process.platform === 'win32' ||
    environment.DISPLAY !== undefined ||
    environment.WAYLAND_DISPLAY !== undefined;
  if (!isDesktop) throw noBrowser(url, 'there is no desktop in this session');
  const program = process.platform === 'darwin' ? 'open' : 'xdg-open';
  const { code } = await runReading([program, url], { timeout: 10_000 });
  if (code !== 0) throw noBrowser(url, `${program} ended with ${code}`);
}

function noBrowser(url: string, saw: string): NeedsUser {
  return new NeedsUser({
    tried: `open ${url} in a browser`,
    saw,
    next: ['Press y to copy the address, and open it where a browser is.'],
    code: 'no-browser',
  });
}
