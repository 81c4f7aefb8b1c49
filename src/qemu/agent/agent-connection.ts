import { createConnection, type Socket } from 'node:net';
import { JsonFrames, type JsonObject } from '../qmp/json-frames.js';

/** What a guest sends is the guest's: no more of it is kept. */
const MAX_ANSWER_BYTES = 256 * 1024;
/** Marks the answer to a `guest-sync-delimited`: what came before it was for somebody else. */
const DELIMITER = 0xff;

/** The agent did not do as it was asked: it is not there, does not answer, or refuses. */
export class AgentError extends Error {
  override readonly name = 'AgentError';
  /** It answered, and knows no such command. */
  readonly isUnknownCommand: boolean;

  constructor(message: string, isUnknownCommand = false) {
    super(message);
    this.isUnknownCommand = isUnknownCommand;
  }
}

interface Waiting {
  readonly resolve: (answer: JsonObject) => void;
  readonly reject: (error: AgentError) => void;
}

/**
 * A connection to a guest agent (QEMU's qga/qapi-schema.json): one command after the other, all of them together within a time.
 * Whatever the guest sends, memory is bounded, and every call ends; failures are {@link AgentError}s.
 */
export class AgentConnection {
  readonly #socket: Socket;
  readonly #frames = new JsonFrames(MAX_ANSWER_BYTES);
  #received = 0;
  #isSynchronised = false;
  #waiting: Waiting | null = null;
  #failure: AgentError | null = null;

  constructor(path: string, patienceMs: number) {
    this.#socket = createConnection({ path });
    this.#socket.unref();
    const impatience = setTimeout(
      () => this.#fail(new AgentError(`no answer in ${patienceMs} ms`)),
      patienceMs,
    );
    this.#socket.on('data', (chunk: Buffer) => this.#receive(chunk));
    this.#socket.on('error', ({ message }) => this.#fail(new AgentError(message)));
    this.#socket.on('close', () => {
      clearTimeout(impatience);
      this.#fail(new AgentError('the connection was closed'));
    });
  }

  /** Throws away what was meant for others; to be called first. */
  async synchronise(): Promise<void> {
    const id = Math.floor(Math.random() * 2 ** 31);
    const { return: echo } = await this.#send({ execute: 'guest-sync-delimited', arguments: { id } }, true);
    if (echo !== id) throw new AgentError('it answers what it was not asked');
  }

  /** What it returns; rejects with an {@link AgentError}. */
  async ask(command: string): Promise<unknown> {
    const answer = await this.#send({ execute: command }, false);
    if ('return' in answer) return answer['return'];
    const { class: kind } = (answer['error'] ?? {}) as { readonly class?: unknown };
    throw new AgentError(`it refuses ${command} (${String(kind)})`, kind === 'CommandNotFound');
  }

  close(): void {
    this.#socket.destroy();
  }

  #send(command: JsonObject, isFirst: boolean): Promise<JsonObject> {
    return new Promise((resolve, reject) => {
      if (this.#failure !== null) {
        reject(this.#failure);
        return;
      }
      this.#waiting = { resolve, reject };
      // The delimiter has the agent's parser drop what was half sent before.
      const prefix = isFirst ? Buffer.of(DELIMITER) : Buffer.alloc(0);
      this.#socket.write(Buffer.concat([prefix, Buffer.from(`${JSON.stringify(command)}\n`)]));
    });
  }

  #receive(chunk: Buffer): void {
    this.#received += chunk.length;
    if (this.#received > MAX_ANSWER_BYTES) {
      this.#fail(new AgentError(`it sent more than ${MAX_ANSWER_BYTES} bytes`));
      return;
    }
    let rest = chunk;
    if (!this.#isSynchronised) {
      const at = chunk.lastIndexOf(DELIMITER);
      if (at < 0) return;
      this.#isSynchronised = true;
      rest = chunk.subarray(at + 1);
    }
    try {
      for (const answer of this.#frames.push(rest)) {
        this.#waiting?.resolve(answer);
        this.#waiting = null;
      }
    } catch {
      this.#fail(new AgentError('it does not speak the protocol'));
    }
  }

  #fail(error: AgentError): void {
    this.#failure ??= error;
    this.#waiting?.reject(this.#failure);
    this.#waiting = null;
    this.#socket.destroy();
  }
}
