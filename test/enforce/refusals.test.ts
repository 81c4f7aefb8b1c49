import { expect } from 'chai';
import type { Action, Outcome } from '../../src/enforce/host.js';
import {
  isWaitingForBandwidth,
  NO_REFUSALS,
  refusalFindings,
  updateRefusals,
} from '../../src/enforce/refusals.js';

const reserve: Action = { kind: 'reserve', guest: '1-1', tid: 2, budgetNs: 1n, periodNs: 2n, core: null };
const refused = (code: 'EBUSY' | 'EPERM' | 'GONE', retry: boolean): Outcome => ({
  ok: false,
  code,
  message: code,
  retry,
});
const GRACE = 100n;

describe('Refusals', () => {
  it('that may end by themselves are reported only when they have lasted', () => {
    const first = updateRefusals(NO_REFUSALS, [{ action: reserve, outcome: refused('EBUSY', true) }], 1000n);
    expect(refusalFindings(first, 1050n, GRACE)).to.deep.equal([]);
    expect(isWaitingForBandwidth(first, 1050n, GRACE)).to.equal(true);
    const second = updateRefusals(first, [{ action: reserve, outcome: refused('EBUSY', true) }], 1050n);
    expect(refusalFindings(second, 1100n, GRACE).map(({ code }) => code)).to.deep.equal(['refused-reserve']);
    expect(isWaitingForBandwidth(second, 1100n, GRACE)).to.equal(false);
  });

  it('that do not are reported at once, with what happens instead', () => {
    const refusals = updateRefusals(
      NO_REFUSALS,
      [{ action: reserve, outcome: refused('EPERM', false) }],
      1000n,
    );
    const [finding] = refusalFindings(refusals, 1000n, GRACE);
    expect(finding).to.include({ code: 'refused-reserve', subject: '1-1', message: 'EPERM' });
    expect(finding?.fallback).to.match(/without this reservation/);
  });

  it('end with success, with the action’s not being wanted any more, and with the guest', () => {
    const first = updateRefusals(NO_REFUSALS, [{ action: reserve, outcome: refused('EPERM', false) }], 1000n);
    for (const attempts of [
      [],
      [{ action: reserve, outcome: { ok: true } as const }],
      [{ action: reserve, outcome: refused('GONE', false) }],
    ]) {
      expect([...updateRefusals(first, attempts, 2000n)]).to.deep.equal([]);
    }
  });
});
