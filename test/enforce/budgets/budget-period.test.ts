import { expect } from 'chai';
import { budgetPeriod } from '../../../src/enforce/budgets/budget-period.js';
import { parseInstant } from '../../../src/simulate/trace/parse-instant.js';

const ZONE = 'Europe/Berlin';
const HOUR_MS = 3_600_000;
const at = (text: string) => parseInstant(text, ZONE) ?? 0;

describe('the periods of budgets', () => {
  it('end at midnight, before Mondays and firsts, however long the days are', () => {
    expect(budgetPeriod(ZONE, at('2026-10-25 01:00'), 'day').endMs).to.equal(at('2026-10-26'));
    expect(at('2026-10-26') - at('2026-10-25')).to.equal(25 * HOUR_MS);
    expect(budgetPeriod(ZONE, at('2026-11-23'), 'week').endMs).to.equal(at('2026-11-30'));
    expect(budgetPeriod(ZONE, at('2026-12-31 23:59'), 'month').endMs).to.equal(at('2027-01-01'));
    // Midnight is skipped there on that day.
    const skipped = budgetPeriod('America/Asuncion', Date.UTC(2023, 9, 1, 1), 'day');
    expect(new Date(skipped.endMs).toISOString()).to.equal('2023-10-01T04:00:00.000Z');
  });

  it('are named by their first day, in the first instant of them and the last', () => {
    expect(budgetPeriod(ZONE, at('2026-11-23'), 'week').firstDay).to.equal('2026-11-23');
    expect(budgetPeriod(ZONE, at('2026-11-30') - 1, 'week').firstDay).to.equal('2026-11-23');
    expect(budgetPeriod(ZONE, at('2026-12-31 23:59'), 'month').firstDay).to.equal('2026-12-01');
    expect(budgetPeriod(ZONE, at('2026-10-25 02:30'), 'day').firstDay).to.equal('2026-10-25');
  });
});
