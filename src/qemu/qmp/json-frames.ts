import { QmpError } from './qmp-error.js';

export type JsonObject = { readonly [key: string]: unknown };

export const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const BYTE = {
  quote: 0x22,
  backslash: 0x5c,
  open: 0x7b,
  close: 0x7d,
} as const;
const isSpace = (byte: number) => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;

/**
 * Cuts a stream of JSON objects into the objects. Counts braces rather than lines, as a monitor with
 * `pretty=on` spreads each object over many. Holds at most `maxBytes` of one unfinished object; throws a
 * {@link QmpError} (`protocol`) for a longer one and for anything that is not an object.
 */
export class JsonFrames {
  readonly #maxBytes: number;
  #unfinished: Buffer[] = [];
  #unfinishedBytes = 0;
  #depth = 0;
  #inString = false;
  #escaped = false;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** The objects that `chunk` completes, in order. */
  push(chunk: Buffer): readonly JsonObject[] {
    const objects: JsonObject[] = [];
    let start = 0;
    for (let at = 0; at < chunk.length; at++) {
      if (this.#depth === 0) start = at;
      if (this.#step(chunk[at] ?? 0)) {
        objects.push(parse(Buffer.concat([...this.#unfinished, chunk.subarray(start, at + 1)])));
        this.#unfinished = [];
        this.#unfinishedBytes = 0;
      } else if (this.#unfinishedBytes + at - start > this.#maxBytes) {
        throw new QmpError('protocol', `the monitor sent an object of more than ${this.#maxBytes} bytes`);
      }
    }
    if (this.#depth > 0) this.#keep(chunk.subarray(start));
    return objects;
  }

  #keep(rest: Buffer): void {
    // A copy: the chunk may be a window into a much larger buffer.
    this.#unfinished.push(Buffer.from(rest));
    this.#unfinishedBytes += rest.length;
  }

  /** Takes one byte; true when it completes an object. */
  #step(byte: number): boolean {
    if (this.#inString) {
      if (this.#escaped) this.#escaped = false;
      else if (byte === BYTE.backslash) this.#escaped = true;
      else if (byte === BYTE.quote) this.#inString = false;
      return false;
    }
    if (byte === BYTE.open) {
      this.#depth += 1;
      return false;
    }
    if (this.#depth === 0) {
      if (!isSpace(byte)) throw new QmpError('protocol', 'the monitor sent something other than an object');
      return false;
    }
    if (byte === BYTE.quote) this.#inString = true;
    if (byte !== BYTE.close) return false;
    this.#depth -= 1;
    return this.#depth === 0;
  }
}

function parse(text: Buffer): JsonObject {
  try {
    return JSON.parse(text.toString('utf8')) as JsonObject;
  } catch (cause) {
    throw new QmpError('protocol', 'the monitor sent an object that is not JSON', { cause });
  }
}
