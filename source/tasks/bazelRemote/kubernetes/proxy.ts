import { Unavailable } from '../../../core/failure.ts';
import { plain } from '../../../core/text/safe.ts';
import { runReading } from '../../../services/process/run.ts';
import { type ClusterReady, kubectl } from './cluster.ts';

/** Milliseconds that it may stand open. */
const longest = 60_000;

/**
 * Lets the cache's port for HTTP, and nothing else of the cluster, be reached on this machine's loopback while `use` goes on.
 * `kubectl replace --raw` would be shorter, but tells no length of what it sends, and bazel-remote takes nothing without one.
 */
export async function throughProxy<T>(
  { context, namespace, name }: ClusterReady,
  use: (http: string) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  const path = `/api/v1/namespaces/${namespace}/services/${name}:http/proxy`;
  const argv = kubectl(context || undefined, 'proxy', '--port=0', `--accept-paths=^${path}/`);
  const stop = new AbortController();
  const serving = Promise.withResolvers<string>();
  let said = '';
  const running = runReading(argv, {
    timeout: longest,
    signal: signal ? AbortSignal.any([signal, stop.signal]) : stop.signal,
    onOutput: (text) => {
      said += text;
      const [, address] = /Starting to serve on (127\.0\.0\.1:\d+)/.exec(said) ?? [];
      if (address !== undefined) serving.resolve(`http://${address}${path}`);
    },
  }).then(({ stderr }): never => {
    throw new Unavailable({
      tried: 'kubectl proxy',
      saw: plain(stderr.trim(), 300) || 'it ended, and said nothing',
      next: ['Run it by hand to see why.'],
      code: 'no-proxy',
    });
  });
  running.catch(() => {});
  try {
    return await Promise.race([serving.promise.then(use), running]);
  } finally {
    stop.abort();
    await running.catch(() => {});
  }
}
