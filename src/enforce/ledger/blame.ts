import type { Setting } from '../../compiler/plan.js';
import { pathKey } from '../group-path.js';
import { isDuty, type PlanIndex } from '../plan-index.js';
import type { Finding } from '../status.js';
import type { MissCause } from './miss-cause.js';
import type { PromiseSample } from './promise-samples.js';

/** How things stood in the interval. */
export interface Circumstances {
  /** In a change of mode, or so soon after one that what kept the old one may not be over. */
  readonly settling: boolean;
  readonly findings: readonly Pick<Finding, 'code' | 'subject'>[];
  /** Whether a control of a guest was in force, read back from the host. */
  readonly isInForce: (guest: string, setting: Setting) => boolean;
}

const ON_GROUPS: ReadonlySet<string> = new Set([
  'refused-create-group',
  'refused-set-weight',
  'refused-set-quota',
]);

/**
 * Why a promise was missed that its guests wanted: the first of these causes that was there. `usedUp`: the guests under each limit
 * that was used up. Pure.
 */
export function blame(
  index: PlanIndex,
  sample: PromiseSample,
  circumstances: Circumstances,
  usedUp: readonly ReadonlySet<string>[],
): MissCause {
  if (sample.cause !== null) return sample.cause;
  const { setting, about } = sample;
  if (circumstances.settling) return 'settling';
  const keys = new Set(about.map(({ guest }) => guest.key));
  const leaves = about.flatMap((one) => {
    const path = index.leafPath(one.class, one.guest.key);
    return path === null ? [] : [`${pathKey(path)}/`];
  });
  const codes = circumstances.findings.flatMap(({ code, subject }) => {
    const concerns =
      subject === null
        ? code === 'refused-set-timetable' && isDuty(setting)
        : keys.has(subject) || (ON_GROUPS.has(code) && isAbove(subject, leaves));
    return concerns ? [code] : [];
  });
  if (codes.includes('no-vcpu-threads')) return 'no-vcpu-threads';
  if (codes.includes('guest-with-terminal') && isDuty(setting)) return 'in-terminal';
  if (codes.some((code) => code.startsWith('refused-'))) return 'refused';
  if (codes.includes('no-room')) return 'no-room';
  if (about.some(({ guest }) => !circumstances.isInForce(guest.key, setting))) return 'not-in-force';
  const isShare = setting.mechanism === 'share' && sample.unit === 'fraction';
  if (isShare && usedUp.some((limited) => [...keys].every((key) => limited.has(key)))) return 'limit-used-up';
  return 'unexplained';
}

/** Whether a group, by its key, is one of these leaves or above one. */
const isAbove = (group: string, leaves: readonly string[]): boolean =>
  leaves.some((leaf) => leaf.startsWith(group === '' ? '' : `${group}/`));
