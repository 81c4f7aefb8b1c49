import { expect } from 'chai';
import type { Report } from '../../../src/rps/sensors/report.js';

/** Takes samples a second apart (or what is said); what was reported, each signal at most once. */
export function sampler(
  take: (atNs: bigint, report: Report) => void,
): (afterSeconds?: number) => Record<string, number> {
  let nowNs = 10_000_000_000n;
  return (afterSeconds = 1) => {
    nowNs += BigInt(Math.round(afterSeconds * 1e9));
    const values: Record<string, number> = {};
    take(nowNs, (signal, value) => {
      expect(values, 'reported once').not.to.have.property(signal);
      values[signal] = value;
    });
    return values;
  };
}
