import { expect } from 'chai';
import { parse } from '../../src/lang/index.js';
import { describeCondition } from '../../src/lsp/features/hover/describe-condition.js';

function described(condition: string): string {
  const { tree, diagnostics } = parse({ file: 'policy.vmc', text: `let x = ${condition}` });
  expect(diagnostics).to.deep.equal([]);
  const [statement] = tree.statements;
  return statement?.kind === 'let' ? describeCondition(statement.condition) : '';
}

const MEANINGS: readonly (readonly [condition: string, meaning: string])[] = [
  ['weekdays 09:00-12:00, 13:00-17:30', 'Monday to Friday, 09:00 to 12:00 and 13:00 to 17:30'],
  ['daily 22:00-06:00', 'every day, 22:00 to 06:00 of the next day'],
  ['mon,wed-fri', 'Monday and Wednesday to Friday'],
  ['2026-12-24..2027-01-01', '2026-12-24 to 2027-01-01'],
  ['daily except weekends except 2026-12-24', 'every day, but not Saturday and Sunday nor 2026-12-24'],
  ['owner.demand > 60%', '`owner.demand` is over 60%'],
  [
    'host.memory.available <= 4GiB for 30s until >= 25% of memory',
    '`host.memory.available` is at most 4 GiB for 30s without a break; then until it is at least 25% of memory',
  ],
  [
    'forecast(owner.demand over 30s at lower 95%) < 2 cores',
    'the lower 95% limit of the forecast of `owner.demand`, averaged over 30s, is under 2 cores',
  ],
  ['"my vm".running', '`"my vm".running`'],
  ['process "blender*" running', 'a process `blender*` runs that is no guest'],
  ['not (a and b or c)', 'not ((`a`, and `b`), or `c`)'],
  ['a or b assuming false', '`a`, or `b`; while that is unknown it counts as false'],
];

describe('the meaning of a condition, in words', () => {
  for (const [condition, meaning] of MEANINGS) {
    it(`of ${condition}`, () => {
      expect(described(condition)).to.equal(meaning);
    });
  }
});
