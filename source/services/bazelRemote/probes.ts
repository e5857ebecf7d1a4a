import * as z from 'zod';
import { type Capabilities, parseCapabilities } from '../../core/bazel/capabilities.ts';
import type { BazelRemoteMetrics } from '../../core/bazel/metrics.ts';
import { bazelRemoteMetrics } from '../../core/bazel/metrics.ts';
import { numbersOf, protobufFields } from '../../core/bazel/protobuf.ts';
import type { BazelRemoteStatus } from '../../core/caches/model.ts';
import { Bug, NeedsUser } from '../../core/failure.ts';
import { plain } from '../../core/text/safe.ts';
import { answerText, parseJson, passingFailure } from '../http/answerText.ts';
import type { HttpAnswer } from '../http/types.ts';
import type { GrpcClient } from './grpc.ts';

const size = z.number().min(0);
const statusShape = z.object({
  CurrSize: size,
  MaxSize: size,
  NumFiles: size,
  ReservedSize: size.optional(),
  ServerTime: z.number().min(0).max(8.64e12).optional(),
  GitTags: z.string().optional(),
});

/** Reads the answer of `GET /status`. */
export function readStatus(answer: HttpAnswer, tried: string): BazelRemoteStatus {
  const said = checked(answer, tried);
  const { success, data } = statusShape.safeParse(parseJson(said.text));
  if (!success) throw notBazelRemote(tried, said.saw);
  const version = plain(data.GitTags ?? '', 40);
  return {
    used: data.CurrSize,
    limit: data.MaxSize,
    files: data.NumFiles,
    ...(data.ReservedSize === undefined ? {} : { reserved: data.ReservedSize }),
    ...(version === '' ? {} : { version }),
    ...(data.ServerTime === undefined ? {} : { serverTime: new Date(data.ServerTime * 1000).toISOString() }),
  };
}

/** Reads the answer of `GET /metrics`, scraped at `at`. */
export function readMetrics(answer: HttpAnswer, at: number, tried: string): BazelRemoteMetrics {
  const { text, saw } = answerText(answer);
  if (answer.status === 404 && /metrics are not enabled/i.test(text))
    throw new NeedsUser({
      tried,
      saw,
      status: 404,
      next: [
        'Start bazel-remote with --enable_endpoint_metrics (BAZEL_REMOTE_ENABLE_ENDPOINT_METRICS=true): without it no hit rate can be known.',
      ],
      code: 'metrics-off',
    });
  const metrics = bazelRemoteMetrics(checked(answer, tried).text, at);
  if (metrics) return metrics;
  throw notBazelRemote(tried, 'no counters of a bazel-remote');
}

/** Asks grpc.health.v1; a server that answers at all may still say that it does not serve. */
export async function askHealth(client: GrpcClient): Promise<'serving' | 'not-serving'> {
  const path = '/grpc.health.v1.Health/Check';
  const fields = protobufFields(await client.call({ path, message: new Uint8Array() }));
  if (!fields) throw garbled(path);
  return numbersOf(fields, 1)[0] === 1 ? 'serving' : 'not-serving';
}

export async function askCapabilities(client: GrpcClient): Promise<Capabilities> {
  const path = '/build.bazel.remote.execution.v2.Capabilities/GetCapabilities';
  const capabilities = parseCapabilities(await client.call({ path, message: new Uint8Array() }));
  if (!capabilities) throw garbled(path);
  return capabilities;
}

function checked(answer: HttpAnswer, tried: string) {
  const said = answerText(answer);
  const { status } = answer;
  if (status === 200 && !said.isHtml) return said;
  const passing = passingFailure(answer, tried, said.saw);
  if (passing) throw passing;
  if ((status === 401 || status === 403) && !said.isHtml)
    throw new NeedsUser({
      tried,
      saw: said.saw,
      status,
      next: ['Give a login that its htpasswd file knows.'],
      code: 'login-wanted',
    });
  if (status === 400 && /HTTP request to an HTTPS server/i.test(said.text))
    throw new NeedsUser({ tried, saw: said.saw, status, next: ['Use https:// here.'], code: 'tls-wanted' });
  throw notBazelRemote(tried, said.saw);
}

function notBazelRemote(tried: string, saw: string): NeedsUser {
  return new NeedsUser({
    tried,
    saw,
    next: ['Check the host and port: another server answers there.'],
    code: 'not-bazel-remote',
  });
}

function garbled(tried: string): Bug {
  return new Bug({
    tried,
    saw: 'bytes that are not the message asked for',
    next: ['Check the address: a proxy may change what passes.'],
    code: 'unexpected-shape',
  });
}
