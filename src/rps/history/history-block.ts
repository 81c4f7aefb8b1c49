/** Consecutive samples of one signal. */
export interface HistoryBlock {
  readonly signal: string;
  /** Wall-clock instant of the first place, ms. */
  readonly fromMs: number;
  readonly stepMs: number;
  /** By place; NaN: missed. In single precision: to seven digits. */
  readonly values: Float32Array;
}

/** A block covers at most so much time: a reader who looks back so far from an instant misses none that reaches it. */
export const LONGEST_BLOCK_MS = 120_000;

const BYTES = Float32Array.BYTES_PER_ELEMENT;

/** Samples as bytes: little-endian single precision, or, where all are the same, one of them. */
export function encodeValues(values: Float32Array): Uint8Array {
  const [first = Number.NaN] = values;
  const isConstant = values.every((value) => Object.is(value, first));
  const count = isConstant ? 1 : values.length;
  const bytes = new Uint8Array(count * BYTES);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < count; i++) view.setFloat32(i * BYTES, values[i] ?? Number.NaN, true);
  return bytes;
}

/** What {@link encodeValues} has made of `count` samples. Bytes that are missing are gaps. */
export function decodeValues(bytes: Uint8Array, count: number): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const values = new Float32Array(count).fill(Number.NaN);
  if (bytes.byteLength === BYTES) return values.fill(view.getFloat32(0, true));
  const whole = Math.min(count, Math.floor(bytes.byteLength / BYTES));
  for (let i = 0; i < whole; i++) values[i] = view.getFloat32(i * BYTES, true);
  return values;
}
