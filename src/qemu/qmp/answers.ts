import { isJsonObject, type JsonObject } from './json-frames.js';
import { QmpError } from './qmp-error.js';

/* Reading what a monitor answers: it may be anybody's, so everything else than what is expected is a {@link QmpError}. */

export const isCount = (value: unknown): value is number =>
  Number.isSafeInteger(value) && (value as number) >= 0;

export function asObject(value: unknown, command: string): JsonObject {
  if (!isJsonObject(value)) throw malformed(command);
  return value;
}

export function asObjects(value: unknown, command: string): readonly JsonObject[] {
  if (!Array.isArray(value)) throw malformed(command);
  return value.map((entry: unknown) => asObject(entry, command));
}

export const malformed = (command: string): QmpError =>
  new QmpError('protocol', `the monitor's answer to ${command} is not one`);
