import { expect } from 'chai';
import type { Setting } from '../../../src/compiler/plan.js';
import type { ClassifiedGuest } from '../../../src/enforce/classify.js';
import { blame } from '../../../src/enforce/ledger/blame.js';
import type { PromiseSample } from '../../../src/enforce/ledger/promise-samples.js';
import { usedUpLimits } from '../../../src/enforce/ledger/used-up-limits.js';
import { indexPlan } from '../../../src/enforce/plan-index.js';
import { planFor } from '../support/ledger-host.js';

const plan = planFor(
  [
    'vm build { match name "build" vcpus 1 }',
    'vm batch { match name "batch" vcpus 1 }',
    'limit guests to 1.25 cores',
    'share cpu among build 4, batch 1',
  ].join('\n'),
);
const settings = plan.schedules[0]?.settings ?? [];
const classified = (name: string): ClassifiedGuest =>
  ({ class: name, guest: { key: `${name}-1`, pid: 1 } }) as unknown as ClassifiedGuest;
const [build, batch] = [classified('build'), classified('batch')];

function settingOf(mechanism: Setting['mechanism'], className?: string): Setting {
  const found = settings.find(
    (one) => one.mechanism === mechanism && (className === undefined || one.class === className),
  );
  if (!found) throw new Error(`the plan has no ${mechanism}`);
  return found;
}

const limit = (deliveredNs: number): PromiseSample => ({
  setting: settingOf('quota'),
  unit: 'cores',
  bound: 'at-most',
  guest: null,
  about: [build, batch],
  promisedNs: 1.25e9,
  deliveredNs,
  baseNs: 1e9,
  idleNs: 0,
  cause: null,
});
/** Each had a core of its own until the limit was used up: halves, not 4 : 1. */
const share: PromiseSample = {
  setting: settingOf('share', 'build'),
  unit: 'fraction',
  bound: 'at-least',
  guest: null,
  about: [build],
  promisedNs: 1e9,
  deliveredNs: 0.625e9,
  baseNs: 1.25e9,
  idleNs: 0,
  cause: null,
};
const circumstances = { settling: false, findings: [], isInForce: () => true };

describe('a share under a limit', () => {
  const causeWith = (sample: PromiseSample, deliveredNs: number) =>
    blame(indexPlan(plan), sample, circumstances, usedUpLimits([limit(deliveredNs), sample]));

  it('is missed because the limit was used up, where it was', () => {
    expect(causeWith(share, 1.249e9)).to.equal('limit-used-up');
  });

  it('is missed for no known cause where something of the limit was left', () => {
    expect(causeWith(share, 1.1e9)).to.equal('unexplained');
  });

  it('is not excused by a limit on others, nor is a guarantee by any', () => {
    const others = { ...limit(1.25e9), about: [batch] };
    expect(blame(indexPlan(plan), share, circumstances, usedUpLimits([others]))).to.equal('unexplained');
    expect(causeWith({ ...share, unit: 'cores' }, 1.25e9)).to.equal('unexplained');
  });
});
