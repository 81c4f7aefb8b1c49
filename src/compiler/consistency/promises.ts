import type { Schedule, Setting } from '../plan.js';
import { unless } from '../verify/host.js';

const TEN_SECONDS_NS = 10_000_000_000;

/** What each mechanism can promise: how it is kept, and how exactly over ten seconds. */
export const promiseProblems = ({ settings }: Schedule): readonly string[] =>
  settings.flatMap((one) =>
    unless(isHonest(one), `the ${one.mechanism} of ${one.class} is promised as what it cannot be`),
  );

function isHonest(setting: Setting): boolean {
  const { kind, worstGapNs, rateError } = setting.fidelity;
  if (rateError < 0) return false;
  const is = (...only: readonly (typeof kind)[]) => only.includes(kind);
  switch (setting.mechanism) {
    case 'reservation':
      // Servers of vCPUs that nothing is asked for promise nothing.
      return (
        worstGapNs !== null && rateError >= Math.min(...[setting, ...(setting.vcpus ?? [])].map(leastError))
      );
    case 'quota':
      return worstGapNs !== null && rateError >= leastError(setting);
    case 'duty':
    case 'freezer':
      if (setting.runNs === 0) return worstGapNs === null || is('best-effort');
      return worstGapNs !== null && rateError >= leastError(setting);
    case 'placement':
      return worstGapNs === null;
    case 'share':
    case 'memory':
    case 'disk':
    case 'network':
      return is('best-effort') && worstGapNs === null;
    case 'stop':
      return is('bounded', 'best-effort') && worstGapNs === null;
  }
}

/** One period more or less; as a number in a plan may be rounded. */
const leastError = ({ periodNs }: { periodNs: number }): number => (periodNs / TEN_SECONDS_NS) * (1 - 1e-9);
