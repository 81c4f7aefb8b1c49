import { expect } from 'chai';
import fc from 'fast-check';
import { scheduleWriter } from '../../src/compiler/schedule-text.js';
import { LIMITED_HOSTS } from './limited-hosts.js';
import { somePolicy } from './some-policy.js';
import { compileText, HOST } from './support.js';

describe('the text of schedules', () => {
  it('is what JSON.stringify writes, to the letter, whatever the policy and the host', () => {
    let written = 0;
    fc.assert(
      fc.property(somePolicy, fc.constantFrom(HOST, ...Object.values(LIMITED_HOSTS)), (text, facts) => {
        const write = scheduleWriter();
        for (const { id, ...schedule } of compileText(text, facts).plan?.schedules ?? []) {
          expect(write(schedule), id).to.equal(JSON.stringify(schedule));
          written++;
        }
      }),
      { numRuns: 120 },
    );
    expect(written).to.be.greaterThan(50);
  });
});
