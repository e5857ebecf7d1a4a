import { shownAddress } from './address.ts';
import { beginCall, type Call, type TransportOptions } from './call.ts';
import type { HttpAnswer, HttpRequest, HttpStream, Transport } from './types.ts';

/** Node's own client, with a limit for the whole answer, redirects followed by hand, and every call in Activity. */
export function createTransport(options: TransportOptions): Transport {
  const exchange = async (request: HttpRequest, isWrite: boolean): Promise<HttpAnswer> => {
    const call = beginCall(request, isWrite, options);
    const pieces: Uint8Array[] = [];
    let bytes: number | undefined;
    try {
      const answer = await call.open();
      bytes = 0;
      for await (const piece of answer.body) {
        bytes += piece.length;
        pieces.push(piece);
      }
      call.done(answer.status, bytes);
      return { ...answer, body: Buffer.concat(pieces) };
    } catch (thrown) {
      throw call.failed(thrown, bytes);
    } finally {
      call.deadline.close();
    }
  };

  return {
    read: (request) => exchange(request, false),
    async write(grant, request) {
      grant.check(`${request.method ?? 'GET'} ${shownAddress(request.url)}`);
      return exchange(request, true);
    },
    async stream(request): Promise<HttpStream> {
      const call = beginCall(request, false, options);
      try {
        const answer = await call.open();
        // A reader that never comes back still leaves Activity when the time is over.
        call.deadline.signal.addEventListener('abort', () => call.failed(undefined), { once: true });
        return { ...answer, body: pieceByPiece(call, answer) };
      } catch (thrown) {
        call.deadline.close();
        throw call.failed(thrown);
      }
    },
  };
}

/** The time limit stands still while the reader is busy with a piece. */
async function* pieceByPiece(call: Call, { status, body }: HttpStream): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  call.deadline.start();
  try {
    for await (const piece of body) {
      bytes += piece.length;
      call.deadline.stop();
      yield piece;
      call.deadline.start();
    }
  } catch (thrown) {
    throw call.failed(thrown, bytes);
  } finally {
    call.done(status, bytes);
    call.deadline.close();
  }
}
