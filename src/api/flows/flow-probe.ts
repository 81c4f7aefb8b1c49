import { get, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { FLOW_BYTES, type Flow } from './flow.js';

/** An answer that takes longer is none. */
const LATENCY_PATIENCE_MS = 3000;
/** A transfer ends after so long: what has come by then tells. */
const TRANSFER_PATIENCE_MS = 5000;
/** How long a transfer should take: long enough to be timed, short enough to be in nobody's way. */
const WANTED_MS = 300;
/** Less than this says nothing about a rate. */
const LEAST_SECOND_HALF_BYTES = 8192;

/** Why a flow could not be looked at, for its owner. */
export class FlowError extends Error {
  override readonly name = 'FlowError';
}

/**
 * Round-trip time of a TCP handshake, ms: the peer's kernel answers it, whatever its daemon does meanwhile. Rejects with a
 * {@link FlowError}.
 */
function handshakeMs({ address: { host, port } }: Flow): Promise<number> {
  return new Promise((resolve, reject) => {
    const startMs = performance.now();
    const socket = connect({ host, port });
    const end = (result: number | FlowError): void => {
      socket.destroy();
      if (typeof result === 'number') resolve(result);
      else reject(result);
    };
    socket.setTimeout(LATENCY_PATIENCE_MS, () =>
      end(new FlowError(`no answer in ${LATENCY_PATIENCE_MS / 1000} s`)),
    );
    socket.once('connect', () => end(performance.now() - startMs));
    socket.once('error', ({ message }) => end(new FlowError(message)));
  });
}

/**
 * What a short transfer from the peer gets, in bytes per second, as the Network Weather Service measures (Wolski, Spring and Hayes 1999):
 * the rate of its second half, when TCP has found the way's speed and no queue is filled for free any more. Each transfer is
 * as large as the last one says that it takes about 0.3 s, at most 4 MiB.
 */
export class FlowProbe {
  readonly #flow: Flow;
  readonly #token: () => string;
  #bytes: number = FLOW_BYTES.first;

  /** `token`: the one that the peer asks for, now. */
  constructor(flow: Flow, token: () => string) {
    this.#flow = flow;
    this.#token = token;
  }

  /** The least of two: whatever else this process does can only lengthen one. Rejects with a {@link FlowError}. */
  async latencyMs(): Promise<number> {
    const first = await handshakeMs(this.#flow);
    return Math.min(first, await handshakeMs(this.#flow));
  }

  /** Rejects with a {@link FlowError}. */
  async bytesPerSecond(): Promise<number> {
    const rate = await this.#transfer(this.#bytes);
    const wanted = Math.round((rate * WANTED_MS) / 1000);
    this.#bytes = Math.min(FLOW_BYTES.most, Math.max(FLOW_BYTES.least, wanted));
    return rate;
  }

  #transfer(bytes: number): Promise<number> {
    const { host, port } = this.#flow.address;
    return new Promise((resolve, reject) => {
      const headers = { authorization: `Bearer ${this.#token()}` };
      const fail = (error: Error): void => reject(new FlowError(error.message));
      const request = get(
        { host, port, path: `/v1/flow?bytes=${bytes}`, headers, agent: false },
        (answer) => {
          if (answer.statusCode !== 200) {
            request.destroy();
            reject(refusalOf(answer));
            return;
          }
          measure(answer, bytes)
            .then(resolve, fail)
            .finally(() => request.destroy());
        },
      );
      request.once('error', fail);
      request.setTimeout(TRANSFER_PATIENCE_MS, () => request.destroy(new Error('it does not answer')));
    });
  }
}

function refusalOf({ statusCode }: IncomingMessage): FlowError {
  const why = statusCode === 401 ? 'it does not take our token' : `it answers ${statusCode}`;
  return new FlowError(why);
}

/** The rate at which the second half of so many bytes comes. */
function measure(answer: IncomingMessage, bytes: number): Promise<number> {
  return new Promise((resolve, reject) => {
    let [received, half] = [0, { bytes: 0, atMs: 0 }];
    let lastMs = performance.now();
    const end = (error?: Error): void => {
      clearTimeout(impatience);
      const since = received - half.bytes;
      const elapsedMs = lastMs - half.atMs;
      if (half.atMs > 0 && since >= LEAST_SECOND_HALF_BYTES && elapsedMs > 0)
        resolve((1000 * since) / elapsedMs);
      else reject(error ?? new Error('what came is too little, or came too fast, to be timed'));
    };
    const impatience = setTimeout(() => end(new Error('the transfer stands still')), TRANSFER_PATIENCE_MS);
    answer.on('data', (chunk: Buffer) => {
      received += chunk.length;
      lastMs = performance.now();
      if (half.atMs === 0 && received >= bytes / 2) half = { bytes: received, atMs: lastMs };
    });
    answer.once('end', () => end());
    answer.once('error', end);
  });
}
