import { createConnection, type Socket } from 'node:net';
import { isJsonObject, JsonFrames, type JsonObject } from './json-frames.js';
import { QmpError } from './qmp-error.js';
import { RateGuard } from './rate-guard.js';

/** Something that QEMU reports of its own accord. */
export interface QmpEvent {
  /** "STOP", "RESUME", "SHUTDOWN", … */
  readonly event: string;
  readonly data: JsonObject;
}

export interface QmpOptions {
  /**
   * For connection, greeting and negotiation together. Default 2000 ms: a guest that is short of CPU is slow.
   */
  readonly connectTimeoutMs?: number;
  /** For each command. Default 2000 ms. */
  readonly commandTimeoutMs?: number;
  /** Called for each event as it comes; nothing is kept. Must not throw. */
  readonly onEvent?: (event: QmpEvent) => void;
}

/**
 * The longest object a monitor may send; `query-qmp-schema`, the longest answer there is, has some 200 kB.
 */
const MAX_OBJECT_BYTES = 4 << 20;
const MAX_BYTES_PER_SECOND = 5 << 20;
const MAX_UNANSWERED = 64;
/** Commands that wait in our own buffer for a monitor that does not read. */
const MAX_UNSENT_BYTES = 1 << 20;

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: QmpError) => void;
  readonly timer: NodeJS.Timeout;
}

/**
 * A connection to a monitor that speaks the QEMU Machine Protocol (QEMU's docs/interop/qmp-spec) on a unix
 * socket. A monitor serves one client at a time: who is connected keeps others, its operator among them,
 * waiting, so connections should be short. Whatever the other side does, memory is bounded, calls end within
 * their time-outs, failures are {@link QmpError}s, and a connection that is left open does not keep the
 * process alive.
 */
export class QmpClient {
  readonly #socket: Socket;
  readonly #options: QmpOptions;
  readonly #frames = new JsonFrames(MAX_OBJECT_BYTES);
  readonly #rate = new RateGuard(MAX_BYTES_PER_SECOND);
  readonly #waiting = new Map<number, Waiting>();
  #greet: (greeting: JsonObject) => void = () => {};
  #connected = false;
  #nextId = 1;
  #failure: QmpError | null = null;
  /** Resolves with the reason once the connection has ended, for whatever reason; never rejects. */
  readonly ended: Promise<QmpError>;

  private constructor(path: string, options: QmpOptions) {
    this.#options = options;
    this.#socket = createConnection({ path });
    this.#socket.on('data', (chunk: Buffer) => this.#receive(chunk));
    this.#socket.on('connect', () => {
      this.#connected = true;
    });
    this.#socket.on('error', (cause) => this.#fail(connectionError(path, cause, this.#connected)));
    this.ended = new Promise((resolve) => {
      this.#socket.on('close', () => {
        this.#fail(new QmpError('closed', 'the monitor closed the connection'));
        resolve(this.#failure ?? new QmpError('closed', 'the connection was closed'));
      });
    });
  }

  /**
   * Connects and negotiates. Nothing is sent before the other side has greeted as a monitor does, so that a
   * path which leads to some other service does no harm. Rejects with a {@link QmpError}.
   */
  static async connect(path: string, options: QmpOptions = {}): Promise<QmpClient> {
    const client = new QmpClient(path, options);
    const deadline = setTimeout(() => client.#fail(notGreeted(path)), options.connectTimeoutMs ?? 2000);
    try {
      await client.#greeted();
      await client.execute('qmp_capabilities');
      return client;
    } catch (error) {
      client.close();
      throw error;
    } finally {
      clearTimeout(deadline);
      client.#socket.unref();
    }
  }

  /** Runs one command and gives its `return`, unchecked. Rejects with a {@link QmpError}. */
  execute(command: string, parameters?: JsonObject): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const obstacle = this.#obstacle();
      if (obstacle) {
        reject(obstacle);
        return;
      }
      const id = this.#nextId++;
      const timeoutMs = this.#options.commandTimeoutMs ?? 2000;
      const timer = setTimeout(() => {
        this.#waiting.delete(id);
        reject(new QmpError('timeout', `the monitor did not answer ${command} within ${timeoutMs} ms`));
      }, timeoutMs);
      this.#waiting.set(id, { resolve, reject, timer });
      const request = { execute: command, ...(parameters && { arguments: parameters }), id };
      this.#socket.write(`${JSON.stringify(request)}\n`);
    });
  }

  /** Ends the connection; commands still unanswered reject. Twice is safe. */
  close(): void {
    this.#fail(new QmpError('closed', 'the connection was closed'));
  }

  #greeted(): Promise<JsonObject> {
    return new Promise((resolve, reject) => {
      this.#greet = resolve;
      this.ended.then(reject);
    });
  }

  #obstacle(): QmpError | null {
    if (this.#failure) return this.#failure;
    const clogged = this.#waiting.size >= MAX_UNANSWERED || this.#socket.writableLength > MAX_UNSENT_BYTES;
    return clogged ? new QmpError('timeout', 'the monitor has too many commands unanswered') : null;
  }

  #receive(chunk: Buffer): void {
    if (this.#failure) return;
    try {
      this.#rate.count(chunk.length);
      for (const message of this.#frames.push(chunk)) this.#dispatch(message);
    } catch (error) {
      if (!(error instanceof QmpError)) throw error;
      this.#fail(error);
    }
  }

  #dispatch(message: JsonObject): void {
    if ('QMP' in message) {
      this.#greet(message);
    } else if (typeof message['event'] === 'string') {
      const data = isJsonObject(message['data']) ? message['data'] : {};
      this.#options.onEvent?.({ event: message['event'], data });
    } else if (typeof message['id'] === 'number') {
      this.#answer(message['id'], message);
    }
    // Anything else answers nobody here: an answer that came after its time-out.
  }

  #answer(id: number, message: JsonObject): void {
    const waiting = this.#waiting.get(id);
    if (!waiting) return;
    this.#waiting.delete(id);
    clearTimeout(waiting.timer);
    if ('return' in message) waiting.resolve(message['return']);
    else waiting.reject(refusal(message['error']));
  }

  #fail(error: QmpError): void {
    if (this.#failure) return;
    this.#failure = error;
    this.#socket.destroy();
    for (const { reject, timer } of this.#waiting.values()) {
      clearTimeout(timer);
      reject(error);
    }
    this.#waiting.clear();
  }
}

function refusal(error: unknown): QmpError {
  const { class: qemuClass, desc } = isJsonObject(error) ? error : {};
  return new QmpError('refused', typeof desc === 'string' ? desc.slice(0, 500) : 'QEMU refused the command', {
    qemuClass: typeof qemuClass === 'string' ? qemuClass : 'GenericError',
  });
}

function connectionError(path: string, cause: NodeJS.ErrnoException, connected: boolean): QmpError {
  if (connected)
    return new QmpError('closed', `the connection to ${path} broke: ${cause.message}`, { cause });
  // The queue of a monitor is full of others who wait for it.
  if (cause.code === 'EAGAIN') return notGreeted(path);
  return new QmpError('unreachable', `no monitor can be reached at ${path}: ${cause.message}`, { cause });
}

const notGreeted = (path: string): QmpError =>
  new QmpError('occupied', `the monitor at ${path} greets nobody: another client has it, or QEMU is stopped`);
