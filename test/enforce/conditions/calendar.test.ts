import { expect } from 'chai';
import cron from 'node-cron';
import type { Calendar } from '../../../src/compiler/plan.js';
import { cronEntries } from '../../../src/enforce/conditions/calendar-alarm.js';
import { stepCalendar } from '../../../src/enforce/conditions/calendar-atom.js';

const ZONE = 'Europe/Berlin';
const OFFICE: Calendar = {
  kind: 'days',
  weekdays: ['mon', 'tue', 'wed', 'thu', 'fri'],
  windows: [{ startMinute: 540, endMinute: 1050 }],
};
const NIGHT: Calendar = { kind: 'days', weekdays: ['sat'], windows: [{ startMinute: 1320, endMinute: 360 }] };
const HOLIDAYS: Calendar = {
  kind: 'dates',
  ranges: [{ first: '2026-12-24', last: '2026-12-31' }],
  windows: [],
};
/** Monday, in Berlin's winter. */
const at = (clock: string, day = '2026-11-23') => Date.parse(`${day}T${clock}:00+01:00`);

describe('A calendar at run time', () => {
  it('is evaluated again at its next change, and not before', () => {
    const morning = stepCalendar(null, OFFICE, ZONE, at('08:59'));
    expect(morning).to.include({ value: false, validUntilMs: at('09:00') });
    expect(stepCalendar(morning, OFFICE, ZONE, at('08:59') + 59_999)).to.equal(morning);
    const office = stepCalendar(morning, OFFICE, ZONE, at('09:00'));
    expect(office).to.include({ value: true, validUntilMs: at('17:30') });
  });

  it('is evaluated again after the clock jumped, in either direction', () => {
    const office = stepCalendar(null, OFFICE, ZONE, at('12:00'));
    expect(stepCalendar(office, OFFICE, ZONE, at('12:00', '2026-11-22')).value).to.equal(false);
    expect(stepCalendar(office, OFFICE, ZONE, at('20:00')).value).to.equal(false);
    expect(stepCalendar(office, OFFICE, ZONE, at('11:00')).value).to.equal(true);
  });

  it('that never changes again is left alone', () => {
    const past: Calendar = {
      kind: 'dates',
      ranges: [{ first: '2020-01-01', last: '2020-01-02' }],
      windows: [],
    };
    const state = stepCalendar(null, past, ZONE, at('12:00'));
    expect(state).to.include({ value: false, validUntilMs: null });
    expect(stepCalendar(state, past, ZONE, at('12:00', '2030-11-23'))).to.equal(state);
  });

  it('becomes cron entries at its windows’ edges, those past midnight on the next day', () => {
    expect(cronEntries(OFFICE)).to.deep.equal(['0 9 * * 1,2,3,4,5', '30 17 * * 1,2,3,4,5']);
    expect(cronEntries(NIGHT)).to.deep.equal(['0 22 * * 6', '0 6 * * 0']);
    expect(cronEntries(HOLIDAYS)).to.deep.equal(['0 0 24 12 *', '0 0 1 1 *']);
    expect(cronEntries({ kind: 'except', base: OFFICE, removed: HOLIDAYS })).to.have.length(4);
    expect(cronEntries({ kind: 'days', weekdays: ['sun'], windows: [] })).to.deep.equal([
      '0 0 * * 0',
      '0 0 * * 1',
    ]);
    for (const entry of [OFFICE, NIGHT, HOLIDAYS].flatMap(cronEntries))
      expect(cron.validate(entry)).to.equal(true);
  });
});
