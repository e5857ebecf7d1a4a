import * as z from 'zod';
import { type ProtobufField, protobufFields } from '../../core/bazel/protobuf.ts';
import { bytesOf, numberOf, writeFields } from './protobuf.ts';

/** Field numbers of `build.bazel.remote.execution.v2.ActionResult`. */
const part = {
  outputFiles: 2,
  outputDirectories: 3,
  exitCode: 4,
  stdoutDigest: 6,
  stderrDigest: 8,
  metadata: 9,
};

const digestShape = z.object({ hash: z.string(), sizeBytes: z.coerce.number().int().default(0) });
const resultShape = z.object({
  outputFiles: z.array(z.object({ path: z.string(), digest: digestShape })).default([]),
  outputDirectories: z.array(z.object({ path: z.string(), treeDigest: digestShape })).default([]),
  exitCode: z.number().int().default(0),
  stdoutDigest: digestShape.optional(),
  stderrDigest: digestShape.optional(),
  executionMetadata: z.object({ worker: z.string().default('') }).optional(),
});
type Digest = z.infer<typeof digestShape>;

/** An action result that names who put it, where it did not; undefined when it is none. */
export function withWorker(bytes: Uint8Array, worker: string): Buffer | undefined {
  const fields = protobufFields(bytes);
  if (!fields) return undefined;
  if (bytesOf(fields, part.metadata)) return Buffer.from(bytes);
  const metadata = { field: part.metadata, value: writeFields([{ field: 1, value: Buffer.from(worker) }]) };
  return Buffer.concat([bytes, writeFields([metadata])]);
}

/** Hashes of the blobs that an action result speaks of. */
export function blobsOf(bytes: Uint8Array): string[] {
  const fields = protobufFields(bytes) ?? [];
  const within = (number: number, digestField: number): Uint8Array[] =>
    fields
      .filter((one) => one.field === number)
      .flatMap(({ value }) =>
        typeof value === 'bigint' ? [] : [bytesOf(protobufFields(value) ?? [], digestField)],
      )
      .filter((value) => value !== undefined);
  const own = [bytesOf(fields, part.stdoutDigest), bytesOf(fields, part.stderrDigest)];
  const digests = [...within(part.outputFiles, 2), ...within(part.outputDirectories, 3), ...own];
  return digests.flatMap((digest) => (digest ? [readDigest(digest).hash] : [])).filter(Boolean);
}

/** From protobuf's JSON; undefined when it is no action result. */
export function fromJson(text: string): Buffer | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const parsed = resultShape.safeParse(value);
  if (!parsed.success) return undefined;
  const { outputFiles, outputDirectories, exitCode, stdoutDigest, stderrDigest, executionMetadata } =
    parsed.data;
  return writeFields([
    ...outputFiles.map(({ path, digest }) => entry(part.outputFiles, path, 2, digest)),
    ...outputDirectories.map(({ path, treeDigest }) => entry(part.outputDirectories, path, 3, treeDigest)),
    { field: part.exitCode, value: BigInt(exitCode) },
    ...(stdoutDigest ? [{ field: part.stdoutDigest, value: writeDigest(stdoutDigest) }] : []),
    ...(stderrDigest ? [{ field: part.stderrDigest, value: writeDigest(stderrDigest) }] : []),
    ...(executionMetadata
      ? [
          {
            field: part.metadata,
            value: writeFields([{ field: 1, value: Buffer.from(executionMetadata.worker) }]),
          },
        ]
      : []),
  ]);
}

/** As protobuf's JSON, as far as the fields above go. */
export function toJson(bytes: Uint8Array): string {
  const fields = protobufFields(bytes) ?? [];
  const files = listOf(fields, part.outputFiles).map((file) => ({
    path: textOf(file, 1),
    digest: readDigest(bytesOf(file, 2) ?? new Uint8Array()),
  }));
  const metadata = bytesOf(fields, part.metadata);
  const exitCode = numberOf(fields, part.exitCode);
  return JSON.stringify({
    ...(files.length > 0 && { outputFiles: files }),
    ...(exitCode !== 0 && { exitCode }),
    ...(metadata && { executionMetadata: { worker: textOf(protobufFields(metadata) ?? [], 1) } }),
  });
}

function listOf(fields: readonly ProtobufField[], number: number): (readonly ProtobufField[])[] {
  const values = fields.filter((one) => one.field === number).map(({ value }) => value);
  return values.flatMap((value) => (typeof value === 'bigint' ? [] : [protobufFields(value) ?? []]));
}

function textOf(fields: readonly ProtobufField[], number: number): string {
  return Buffer.from(bytesOf(fields, number) ?? []).toString('utf8');
}

function entry(number: number, path: string, digestField: number, digest: Digest): ProtobufField {
  const value = writeFields([
    { field: 1, value: Buffer.from(path) },
    { field: digestField, value: writeDigest(digest) },
  ]);
  return { field: number, value };
}

function writeDigest({ hash, sizeBytes }: Digest): Buffer {
  return writeFields([
    { field: 1, value: Buffer.from(hash) },
    { field: 2, value: BigInt(sizeBytes) },
  ]);
}

/** `sizeBytes` is text in JSON, as all 64-bit numbers are. */
function readDigest(bytes: Uint8Array): { readonly hash: string; readonly sizeBytes: string } {
  const fields = protobufFields(bytes) ?? [];
  return { hash: textOf(fields, 1), sizeBytes: String(numberOf(fields, 2)) };
}
