import { expect } from 'chai';
import fc from 'fast-check';
import { compile } from '../../../src/compiler/compile.js';
import { compileModel } from '../../../src/compiler/compile-model.js';
import { analyse } from '../../../src/lang/index.js';
import { codesOf, compileText, HOST, planOf } from '../support.js';

const CLASSES = `
vm build { match user "b" vcpus 4 }
group batch up to 4 vms { match user "g" vcpus 1 }
group lent = build, batch
switch gaming
let office = weekdays 09:00-17:00
let busy = owner.demand > 60% for 30s until < 40%
`;

const broken = (sentences: string) => {
  const found = compileText(CLASSES + sentences).diagnostics.filter(({ code }) => code === 'VMC3020');
  expect(found, JSON.stringify(compileText(CLASSES + sentences).diagnostics)).to.have.length(1);
  return found[0]!;
};

describe('an assertion', () => {
  const kept = [
    'limit batch to 2 cores\nassert batch at most 2 cores',
    'when office { limit batch to 2 cores }\nassert batch at most 2 cores while office',
    'when office { limit batch to 2 cores } otherwise { limit batch to 3 cores }\nassert batch at most 3 cores',
    'when office { when busy { pause batch } }\nassert batch paused while office and busy',
    'when office { limit batch to 2 cores\n assert batch at most 2 cores }',
    'guarantee build 1 core\nassert build at least 1 core',
    'when gaming { guarantee build 1 core }\nassert build at least 1 core while gaming',
    'limit each batch to 0.5 cores\nassert each batch at most 50% of a core',
    'budget batch 1 core-hours per day then pause\nassert batch at most 4 cores',
    'limit batch to 4 GiB memory\nassert batch at most 4 GiB memory',
  ];
  for (const sentences of kept) {
    it(`holds: ${sentences.replace(/\n/g, '; ')}`, () => {
      expect(codesOf(CLASSES + sentences)).to.deep.equal([]);
    });
  }

  const violated: readonly (readonly [string, string])[] = [
    ['limit batch to 2 cores\nassert batch at most 1 core', 'can get 2 cores (25% of cpu).'],
    [
      'when office { limit batch to 2 cores }\nassert batch at most 2 cores',
      'in mode "not office", for example at',
    ],
    ['when office { pause batch }\nassert batch paused', 'runs without a duty cycle in mode "not office"'],
    [
      'when gaming { guarantee build 1 core }\nassert build at least 1 core',
      'is promised nothing in mode "not gaming"',
    ],
    [
      'guarantee build 1 core\nwhen gaming { pause build }\nassert build at least 1 core',
      'is promised nothing in mode "gaming"',
    ],
    ['limit batch to 2 cores\nassert each batch at most 0.5 cores', 'each can get 1 core'],
    ['run batch 200ms every 1s\nassert lent at most 0.8 cores', 'can get 4.8 cores'],
  ];
  for (const [sentences, told] of violated) {
    it(`does not hold, and a mode shows it: ${sentences.replace(/\n/g, '; ')}`, () => {
      expect(broken(sentences).message).to.contain(told);
    });
  }

  it('that forbids is asked when its condition is unknown too; one that demands is not', () => {
    const limited = 'when busy assuming false { limit batch to 1 core }\n';
    expect(broken(`${limited}assert batch at most 1 core while busy`).message).to.contain('busy unknown');
    expect(
      codesOf(`${CLASSES}${limited}assert batch at most 1 core while busy assuming false`),
    ).to.deep.equal([]);
    const promised = 'when busy { guarantee build 1 core }\n';
    expect(codesOf(`${CLASSES}${promised}assert build at least 1 core while busy`)).to.deep.equal([]);
  });

  it('takes an elastic ceiling at its upper end, whatever the signal', () => {
    const elastic = 'limit batch to 90% of cpu - owner.demand between 10% and 40% of cpu\n';
    expect(codesOf(`${CLASSES}${elastic}assert batch at most 40% of cpu`)).to.deep.equal([]);
    expect(broken(`${elastic}assert batch at most 39% of cpu`).message).to.contain('3.2 cores (40% of cpu)');
  });

  it('counts what weights are proved to give, where a share names the subject', () => {
    const shared = 'keep 2 cores for owner\nshare cpu among build 3, batch 1\n';
    expect(codesOf(`${CLASSES}${shared}assert build at least 0.5 cores`)).to.deep.equal([]);
    const share = planOf(CLASSES + shared).certificate.schedules[0]?.shares ?? [];
    const parts = share.flatMap(({ children }) => children).filter((one) => one.class === 'build');
    const [num = 0, den = 1] = (parts[0]?.guaranteedCores ?? '').split('/').map(Number);
    const more = Math.ceil((num / den) * 1000 + 1) / 1000;
    expect(broken(`${shared}assert build at least ${more} cores`).message).to.contain('is promised');
  });

  it('is reported with the sentences that decide it and those that would have helped', () => {
    const { related, hint } = broken(`
      limit lent to 6 cores
      when office { limit batch to 2 cores }
      when gaming { pause lent }
      assert batch at most 2 cores`);
    expect(related.map(({ message }) => message)).to.deep.equal([
      '4 guests with 1 vCPU each',
      'is not in force here: office is false',
      'is not in force here: gaming is false',
    ]);
    expect(hint).to.contain('while');
  });

  it('is reported once, however many modes break it', () => {
    const many = Array.from(
      { length: 6 },
      (_, n) => `switch s${n}\nwhen s${n} { limit build to ${n + 1} cores }`,
    );
    expect(broken(`${many.join('\n')}\nassert build at most 1 core`).code).to.equal('VMC3020');
  });

  it('that no mode asks draws a warning', () => {
    const text = `${CLASSES}assert batch paused while weekdays and weekends`;
    const { plan, diagnostics } = compile({ file: 'test.vmc', text }, HOST);
    expect(diagnostics.map(({ code }) => code)).to.include('VMC6020');
    expect(plan).to.not.equal(null);
  });

  it('under a zone that nobody knows is left to the error about that', () => {
    const facts = { ...HOST, timezone: 'Europe/Atlantis' };
    const codes = codesOf(`${CLASSES}limit batch to 1 core\nassert batch at most 1 core while office`, facts);
    expect(codes).to.deep.equal(['VMC5006']);
  });

  it('makes no mode of its own', () => {
    const limited = `${CLASSES}when office { limit batch to 2 cores }\n`;
    const asserted = `${limited}assert batch at most 2 cores while office and (busy or gaming)`;
    expect(planOf(asserted).modes).to.deep.equal(planOf(limited).modes);
  });

  it('looks only at conditions that can matter, so that many modes cost nothing', () => {
    const switches = Array.from(
      { length: 11 },
      (_, n) => `switch s${n}\nwhen s${n} { run build 200ms every 1s }`,
    );
    const text = `${CLASSES}${switches.join('\n')}\nwhen office { pause batch }\n`;
    const asserts = Array.from({ length: 20 }, () => 'assert batch paused while office').join('\n');
    const { model } = analyse({ file: 'test.vmc', text: text + asserts });
    if (model === null) throw new Error('the policy has errors');
    const { plan, diagnostics } = compileModel(model, HOST);
    expect(diagnostics.filter(({ severity }) => severity === 'error')).to.deep.equal([]);
    expect(plan?.modes).to.have.length(4096);
  });
});

describe('assertions, against every mode of the plan', () => {
  const limit = fc.record({
    guard: fc.constantFrom('x', 'y', 'not x', 'x and y', 'x or z', 'not (y and z)', 'owner.demand > 50%'),
    halves: fc.integer({ min: 1, max: 7 }),
  });

  it('hold iff the quota of every schedule is within them', () => {
    fc.assert(
      fc.property(fc.array(limit, { maxLength: 4 }), fc.integer({ min: 1, max: 8 }), (limits, halves) => {
        const sentences = limits.map((one) => `when ${one.guard} { limit batch to ${one.halves / 2} cores }`);
        const policy = `
          group batch up to 4 vms { match user "g" vcpus 1 }
          switch x  switch y  switch z
          ${sentences.join('\n')}`;
        const { schedules } = planOf(policy);
        const most = schedules.map(({ settings }) =>
          settings.reduce(
            (least, one) => (one.mechanism === 'quota' ? Math.min(least, one.ceilingCores) : least),
            4,
          ),
        );
        const codes = codesOf(`${policy}\nassert batch at most ${halves / 2} cores`);
        expect(codes).to.deep.equal(most.every((cores) => cores <= halves / 2) ? [] : ['VMC3020']);
      }),
      { numRuns: 60 },
    );
  });
});
