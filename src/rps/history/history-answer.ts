import type { HistoryAnswer } from '../forecast-answer.js';
import { signalSpec } from '../signal-catalogue.js';
import type { HistoryBlock } from './history-block.js';

/** A block as it is answered: gaps are null. */
export const historyAnswer = ({ signal, fromMs, stepMs, values }: HistoryBlock): HistoryAnswer => ({
  signal,
  unit: signalSpec(signal).unit,
  fromMs,
  stepNs: stepMs * 1e6,
  values: Array.from(values, (value) => (Number.isNaN(value) ? null : value)),
});
