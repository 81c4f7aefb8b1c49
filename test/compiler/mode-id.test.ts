import { expect } from 'chai';
import { modeId } from '../../src/compiler/modes/mode-id.js';
import type { PlanCondition, Truth } from '../../src/compiler/plan.js';

const conditionsOf = (...ids: string[]) => ids.map((id) => ({ id })) as unknown as readonly PlanCondition[];

const FEW = conditionsOf('office', 'busy or rush');
const MANY = conditionsOf(
  'office',
  'busy or rush',
  'process "blender*" running',
  'host.on-battery',
  'gaming',
);
const ENDLESS = conditionsOf(...Array.from({ length: 12 }, (_, index) => `condition-${index}`));

describe('the name of a mode', () => {
  it('has all conditions with their values, where it stays short', () => {
    expect(modeId(FEW, [true, 'unknown'])).to.equal('office, (busy or rush) unknown');
    expect(modeId(FEW, [false, false])).to.equal('not office, not (busy or rush)');
    expect(modeId([], [])).to.equal('always');
  });

  it('leaves out what is false where it would be long', () => {
    expect(modeId(MANY, [true, false, false, 'unknown', false])).to.equal(
      'office, host.on-battery unknown, no other',
    );
    expect(modeId(MANY, [false, false, false, false, false])).to.equal('no condition');
  });

  it('is a digest where even that would be long', () => {
    expect(modeId(ENDLESS, Array(12).fill(true))).to.match(/^mode-[0-9a-f]{12}$/);
  });

  it('is another for every mode', () => {
    for (const conditions of [FEW, MANY]) {
      const modes = conditions.reduce<readonly (readonly Truth[])[]>(
        (all) =>
          all.flatMap((values) => ([true, false, 'unknown'] as const).map((value) => [...values, value])),
        [[]],
      );
      expect(new Set(modes.map((values) => modeId(conditions, values))).size).to.equal(modes.length);
    }
  });
});
