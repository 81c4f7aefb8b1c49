import type { PushedSignal } from '../lang/model.js';
import { writtenName } from '../lang/words.js';

/** Pushed signals as conditions name them: one that is no bare name stays in quotes, and is no sensor's so called. */
export const signalNames = (signals: readonly PushedSignal[]): readonly string[] =>
  signals.map(({ name }) => writtenName(name));
