import { expect } from 'chai';
import { HOST } from '../support.js';
import { CLASSES, problemsOf, resultOf, runPolicy } from './support.js';

/** Passes. */
const passes = (sentences: string, lines: string) => {
  const result = resultOf(sentences, lines);
  expect(problemsOf(result)).to.equal('');
  expect(result.passed).to.equal(true);
};
/** Fails with these words in what it reports. */
const fails = (sentences: string, lines: string, ...words: readonly string[]) => {
  const result = resultOf(sentences, lines);
  expect(result.passed).to.equal(false);
  for (const word of words) expect(problemsOf(result)).to.contain(word);
};

describe('the example of the language reference', () => {
  const POLICY = `${CLASSES}
keep 2 cores and 8 GiB memory for owner
limit guests to 6 cores
reserve video for its tasks
share cpu among build 4, batch 1
when office {
  limit batch to 25% of cpu
  when busy or rush { run batch 200ms every 1s }
} otherwise {
  limit each batch to 1 core
}
when gaming or process "blender*" running { pause batch }
when host.on-battery { pause lent }
budget batch 20 core-hours per day then pause
assert batch at most 25% of cpu while office
`;
  const TEST = `
test "batch yields in office hours" {
  at 2026-11-23 10:00
  given owner.demand = 80%                    # conditions start from steady state: every \`for\` is already over
  given vms video, build, 3 batch
  expect batch at most 25% of cpu
  expect batch runs 200ms every 1s
  expect video reserved for its tasks
  expect that office and busy
}`;

  it('passes as printed, with a policy around it', () => {
    const { tests } = runPolicy(POLICY + TEST);
    expect(tests.map(problemsOf)).to.deep.equal(['']);
    expect(tests[0]?.expectations.map(({ met }) => met)).to.deep.equal([true, true, true, true]);
  });

  it('says which sentences no test activated', () => {
    const { coverage } = runPolicy(POLICY + TEST);
    const inactive = coverage.sentences
      .filter(({ tests }) => tests === 0)
      .map(({ sentence }) => sentence.text);
    expect(inactive).to.deep.equal([
      'limit each batch to 1 core',
      'pause batch',
      'pause lent',
      'budget batch 20 core-hours per day then pause',
    ]);
  });

  it('fails at another time, and says why', () => {
    const { tests } = runPolicy(POLICY + TEST.replace('10:00', '12:30'));
    const [first] = tests;
    expect(first?.diagnostics.map(({ code }) => code)).to.deep.equal(['VMC3021', 'VMC3021', 'VMC3021']);
    expect(first && problemsOf(first))
      .to.contain('it can get 3 cores')
      .and.contain('office is false');
    const related = first?.diagnostics[0]?.related.map(({ message }) => message) ?? [];
    expect(related).to.include('limits each guest to 1 core (12.5% of cpu)');
    expect(related).to.include('is not in force here: office is false');
  });
});

describe('what a test gives', () => {
  it('is a Boolean, or that it is not so', () => {
    passes('when host.on-battery { pause lent }', 'given host.on-battery\nexpect lent paused');
    passes('when not host.on-battery { pause lent }', 'given not host.on-battery\nexpect lent paused');
    passes('when gaming { pause batch }', 'given gaming\nexpect batch paused');
    passes('when user.active { pause batch }', 'given user.active\nexpect batch paused');
  });

  it('is a process by its name, for every condition that the name matches', () => {
    const policy = 'when process "blender*" running { pause batch }';
    passes(policy, 'given process "blender*" running\nexpect batch paused');
    passes(policy, 'given process "blender-4.1" running\nexpect batch paused');
    fails(policy, 'given process "gimp" running\nexpect batch paused', 'runs without a duty cycle');
    fails(policy, 'given not process "blender*" running\nexpect batch paused', 'runs without a duty cycle');
  });

  it('is the value of a signal', () => {
    passes('', 'given owner.demand = 60.1%\nexpect that busy');
    passes('', 'given owner.demand = 5 cores\nexpect that busy');
    passes('', 'given price = 3\nexpect that price > 2.5');
    passes('', 'given host.memory.available = 1 GiB\nexpect that host.memory.available < 10% of memory');
  });

  it('is the value of a forecast, of that forecast alone', () => {
    passes('', 'given forecast(owner.demand over 30s at 95%) = 80%\nexpect that rush and not busy');
    fails('', 'given forecast(owner.demand over 10s at 95%) = 80%\nexpect that rush', 'rush is false');
    fails('', 'given forecast(owner.demand over 30s at lower 95%) = 80%\nexpect that rush', 'rush is false');
  });

  it('is that a signal is unknown: then restrictions are in force and promises are not', () => {
    const policy = 'when busy { limit batch to 1 core\nguarantee build 1 core }';
    passes(policy, 'given owner.demand unknown\nexpect batch at most 1 core');
    fails(policy, 'given owner.demand unknown\nexpect build guaranteed 1 core', 'promised nothing');
    fails('', 'given owner.demand unknown\nexpect that busy', 'busy is unknown');
    fails('', 'given owner.demand unknown\nexpect that not busy', 'busy is unknown');
    passes('', 'given owner.demand unknown\nexpect that not (busy assuming false)');
    fails('', 'given owner.demand unknown\nexpect that not rush', 'rush is unknown');
    fails('', 'given host.on-battery unknown\nexpect that not host.on-battery', 'host.on-battery is unknown');
  });

  it('is that a budget is spent, every one on this subject', () => {
    const policy =
      'budget batch 1 core-hours per day then pause\nbudget each batch 1 core-hours per week then limit to 0.5 cores';
    passes(policy, 'given budget batch spent\nexpect batch paused');
    fails(policy, 'expect batch paused', 'runs without a duty cycle');
    passes(
      'budget lent 1 core-hours per day then limit to 1 core',
      'given budget lent spent\nexpect lent at most 1 core',
    );
    fails(
      'budget lent 1 core-hours per day then limit to 1 core',
      'expect lent at most 1 core',
      'can get 8 cores',
    );
  });

  it('is guests, which are counted and run', () => {
    passes('', 'given vms build, 3 batch\nexpect that batch.count >= 3 and batch.running and lent.count > 3');
    passes('', 'given vms build\nexpect that build.running and not batch.running and guests.cpu < 1%');
    passes('', 'given batch.count = 2\nexpect that batch.running');
    passes(
      'when batch.count > 3 { limit batch to 1 core }',
      'given vms 4 batch\nexpect batch at most 1 core',
    );
  });
});

describe('what a test does not give', () => {
  it('is quiet', () => {
    passes(
      '',
      'expect that not busy and not rush and not gaming and not host.on-battery and not user.active',
    );
    passes(
      '',
      'expect that user.idle > 24h and host.memory.available > 90% of memory and host.battery >= 100%',
    );
    passes('', 'expect that owner.demand <= 0% and host.load <= 0 and price <= 0 and batch.count < 1');
    passes('', 'expect that not process "x" running and not batch.running and host.temperature < 1 C');
  });

  it('agrees with what it gives about the user', () => {
    passes('', 'given user.idle = 30s\nexpect that user.active');
    passes('', 'given user.idle = 60s\nexpect that not user.active');
    passes('', 'given user.active\nexpect that user.idle < 1min');
  });

  it('does not ask what this host can sense', () => {
    const result = resultOf('when busy { pause batch }', 'given owner.demand = 80%\nexpect batch paused', {
      ...HOST,
      sensors: [],
    });
    expect(problemsOf(result)).to.equal('');
  });
});

describe('a condition in a test', () => {
  it('with two thresholds does not hold between them', () => {
    passes('', 'given owner.demand = 50%\nexpect that not busy');
    passes('', 'given owner.demand = 39%\nexpect that not busy');
    passes('', 'given owner.demand = 61%\nexpect that busy');
  });

  it('is past every `for`', () => {
    passes(
      'when owner.demand > 60% for 10min { pause batch }',
      'given owner.demand = 61%\nexpect batch paused',
    );
  });

  it('that is not met is told with its parts, and where they are defined', () => {
    const result = resultOf('', 'given owner.demand = 80%\nexpect that busy and (rush or gaming)');
    expect(problemsOf(result)).to.contain('it is false: busy is true, rush is false, gaming is false');
    expect(result.diagnostics[0]?.related.map(({ message }) => message)).to.deep.equal([
      'is true',
      'is false',
    ]);
  });
});

describe('the guests that an expectation is about', () => {
  it('are, of all guests, those of no class only where some are given', () => {
    passes('pause batch', 'given vms batch\nexpect guests paused');
    passes('', 'given vms 2 batch\nexpect guests at most 2 cores');
    fails('pause batch', 'given vms batch, others\nexpect guests paused', 'others');
    fails('pause batch\npause video\npause build', 'expect guests paused', 'others');
  });

  const EACH = 'limit each batch to 0.5 cores';

  it('are those given', () => {
    passes(EACH, 'given vms 3 batch\nexpect batch at most 1.5 cores');
    fails(EACH, 'given vms 3 batch\nexpect batch at most 1.4 cores', 'can get 1.5 cores');
    passes('guarantee each batch 0.5 cores', 'given vms 3 batch\nexpect batch at least 1.5 cores');
    fails('guarantee each batch 0.5 cores', 'given vms 3 batch\nexpect batch at least 2 cores', '1.5 cores');
  });

  it('are as many as may come where none of the subject is given', () => {
    fails(EACH, 'expect batch at most 2.9 cores', 'can get 3 cores');
    passes(EACH, 'expect batch at most 3 cores');
    passes(EACH, 'given vms video\nexpect batch at most 3 cores');
    fails(EACH, 'given vms video\nexpect batch at most 2.9 cores', 'can get 3 cores');
  });

  it('are of a union those that are given', () => {
    passes('limit build to 1 core', 'given vms build\nexpect lent at most 1 core');
    fails('limit build to 1 core', 'given vms build, 2 batch\nexpect lent at most 1 core', 'can get 3 cores');
    passes('pause build', 'given vms build\nexpect lent paused');
  });
});

describe('an elastic ceiling in a test', () => {
  const ELASTIC = 'limit batch to 90% of cpu - owner.demand between 10% and 50% of cpu';

  it('is where its signal puts it, within its ends', () => {
    passes(ELASTIC, 'given owner.demand = 65%\nexpect batch at most 25% of cpu');
    fails(ELASTIC, 'given owner.demand = 65%\nexpect batch at most 24% of cpu', 'can get 2 cores');
    passes(ELASTIC, 'given owner.demand = 100%\nexpect batch at most 10% of cpu');
    fails(ELASTIC, 'expect batch at most 49% of cpu', 'can get 4 cores');
  });

  it('is at its lower end while its signal is unknown', () => {
    passes(ELASTIC, 'given owner.demand unknown\nexpect batch at most 10% of cpu');
  });
});

describe('a test without a time', () => {
  const OFFICE = 'when office { limit batch to 2 cores }\nwhen gaming { pause build }';

  it('may expect what no calendar changes', () => {
    passes(OFFICE, 'given gaming\nexpect build paused\nexpect batch at most 6 cores');
  });

  it('is an error where the outcome depends on the time, which names the calendar and tells what to write', () => {
    const result = resultOf(OFFICE, 'expect batch at most 2 cores');
    expect(result.diagnostics.map(({ code }) => code)).to.deep.equal(['VMC3022']);
    expect(problemsOf(result)).to.match(/depends on office: it is at 20\d\d-.*, and is not at 20\d\d-/);
    expect(result.diagnostics[0]?.hint).to.match(/`at 20\d\d-\d\d-\d\d \d\d:\d\d`/);
  });

  it('names no calendar that makes no difference', () => {
    const policy = `let night = daily 22:00-06:00\nwhen night { pause build }\n${OFFICE}`;
    expect(problemsOf(resultOf(policy, 'expect batch at most 2 cores'))).to.not.contain('night');
  });

  it('is told a time which, written down, answers the question', () => {
    const { diagnostics } = resultOf(OFFICE, 'expect batch at most 2 cores');
    const [, at = ''] = /`(at [^`]+)`/.exec(diagnostics[0]?.hint ?? '') ?? [];
    passes(OFFICE, `${at}\nexpect batch at most 2 cores`);
  });

  it('activates only what is in force at any time', () => {
    const result = resultOf(OFFICE, 'given gaming\nexpect build paused');
    expect(result.activated.map(({ text }) => text)).to.deep.equal(['pause build']);
    expect(result.mode).to.equal(null);
  });
});

describe('the time of a test', () => {
  const SHIFT = 'let shift = daily 02:00-03:00\nwhen shift { pause batch }';

  it('is wall-clock time in the zone of the host', () => {
    const { tests } = runPolicy(`host { timezone "America/New_York" }\n${CLASSES}${SHIFT}
      test "summer" { at 2026-07-01 02:30 expect batch paused }`);
    expect(tests.map(problemsOf)).to.deep.equal(['']);
  });

  it('may be in an hour that happens twice', () => {
    passes(SHIFT, 'at 2026-10-25 02:30\nexpect batch paused');
  });

  it('that the clocks skip is an error', () => {
    const result = resultOf(SHIFT, 'at 2026-03-29 02:30\nexpect batch paused');
    expect(result.diagnostics.map(({ code }) => code)).to.deep.equal(['VMC3023']);
  });

  it('in a zone that nobody knows is left to the compiler', () => {
    const result = resultOf(SHIFT, 'at 2026-03-01 02:30\nexpect batch paused', {
      ...HOST,
      timezone: 'Europe/Atlantis',
    });
    expect(result).to.deep.include({ passed: false, diagnostics: [] });
  });
});

describe('a conflict in the situation of a test', () => {
  const CONFLICT = 'when gaming { run batch 200ms every 1s\nrun lent 300ms every 1s }';

  it('fails it, with the diagnostics of the conflict', () => {
    const result = resultOf(CONFLICT, 'given gaming\nexpect batch at most 6 cores');
    expect(result.passed).to.equal(false);
    expect(result.diagnostics.map(({ code }) => code)).to.deep.equal(['VMC3001']);
  });

  it('leaves tests in other situations alone', () => {
    passes(CONFLICT, 'expect batch at most 6 cores');
  });
});

describe('an expectation that is not met', () => {
  it('is shown at its own line, with the expectation and what is so', () => {
    const text = `${CLASSES}limit batch to 3 cores\ntest "it" {\n  expect batch at most 2 cores\n}`;
    const [result] = runPolicy(text).tests;
    const [diagnostic] = result?.diagnostics ?? [];
    expect(diagnostic?.message).to.equal(
      'Expected batch at most 2 cores (25% of cpu), but it can get 3 cores (37.5% of cpu).',
    );
    const { start, end } = diagnostic?.range ?? { start: { offset: 0 }, end: { offset: 0 } };
    expect(text.slice(start.offset, end.offset)).to.equal('expect batch at most 2 cores');
    const [related] = diagnostic?.related ?? [];
    expect(text.slice(related?.range.start.offset, related?.range.end.offset)).to.equal(
      'limit batch to 3 cores',
    );
  });

  it('says so where no sentence has to do with it', () => {
    expect(resultOf('', 'expect lent yields').diagnostics[0]?.hint).to.contain('No sentence');
  });
});

describe('coverage', () => {
  it('counts the tests that have each sentence in force, assertions left out', () => {
    const { coverage } = runPolicy(`${CLASSES}
      limit batch to 2 cores
      when gaming { pause batch } otherwise { pause build }
      assert batch at most 2 cores
      test "one" { given gaming expect batch paused }
      test "two" { given gaming expect batch paused }
      test "three" { expect build paused }`);
    expect(coverage.sentences.map(({ sentence, tests }) => [sentence.text, tests])).to.deep.equal([
      ['limit batch to 2 cores', 3],
      ['pause batch', 2],
      ['pause build', 1],
    ]);
  });

  it('lists the modes that no test is in, each with an instant where calendars matter', () => {
    const { coverage } = runPolicy(`${CLASSES}
      when office { when gaming { pause batch } }
      test "one" { at 2026-11-23 10:00 given gaming expect batch paused }`);
    expect(coverage.modes?.total).to.equal(4);
    expect(coverage.modes?.untested.map(({ id }) => id)).to.deep.equal([
      'office, not gaming',
      'not office, gaming',
      'not office, not gaming',
    ]);
    for (const { example } of coverage.modes?.untested ?? [])
      expect(example).to.match(/^20\d\d-.*\[Europe\/Berlin\]$/);
  });

  it('tells of an offer once, not of its terms', () => {
    const { coverage } = runPolicy(
      'offer 2 vms room { vcpus 1 memory 1 GiB guarantee 0.5 cores limit to 1 core }\ntest "it" { expect that not host.on-battery }',
    );
    expect(coverage.sentences.map(({ sentence }) => sentence.kind)).to.deep.equal(['offer']);
  });
});
