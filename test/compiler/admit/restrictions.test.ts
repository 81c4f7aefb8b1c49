import { expect } from 'chai';
import { type AdmissionAnswer, admit } from '../../../src/compiler/admit/index.js';
import { compile } from '../../../src/compiler/compile.js';
import type { HostFacts } from '../../../src/compiler/facts.js';
import { codesOf, HOST, planOf } from '../support.js';

const TWO: HostFacts = { ...HOST, cores: 2 };
const FOUR: HostFacts = { ...HOST, cores: 4 };
const A = 'vm a { match user "a" vcpus 1 memory 1 GiB }';
const Q = 'vm q { match user "q" vcpus 1 memory 2 GiB }';

function answerOf(present: string, asked: string, facts: HostFacts): AdmissionAnswer {
  const { answer, problem } = admit(planOf(present, facts), { file: 'r.vmc', text: `${Q}\n${asked}` });
  if (answer === null) throw new Error(problem ?? 'the request has errors');
  return answer;
}

describe('a request beside a limit of all guests', () => {
  const limited = (...sentences: readonly string[]) => [A, ...sentences, 'limit guests to 1 core'].join('\n');

  it('has what reservations leave of it, and not that less the reservations once more', () => {
    const reserved = limited('reserve a 60ms every 100ms');
    expect(answerOf(reserved, 'guarantee q 1 GiB memory', FOUR).admitted).to.equal(true);
    expect(answerOf(reserved, 'reserve q 10ms every 100ms', FOUR).admitted).to.equal(true);
    const little = limited('reserve a 20ms every 100ms');
    expect(answerOf(little, 'reserve q 60ms every 100ms', FOUR).admitted).to.equal(true);
  });

  it('that it would break is offered the most that is left of it', () => {
    const { refused, counterOffers } = answerOf(
      limited('reserve a 20ms every 100ms'),
      'reserve q 90ms every 100ms',
      FOUR,
    );
    expect(refused.map(({ obstacle }) => obstacle)).to.deep.equal(['restriction']);
    const [{ text, value } = { text: '', value: 0 }] = counterOffers;
    const together = (budgetNs: number) =>
      codesOf(
        `${limited('reserve a 20ms every 100ms')}\n${Q}\n${text.replace('reserve', 'reserve q').replace(/q \S+/, `q ${budgetNs / 1000}us`)}`,
        FOUR,
      );
    expect(together(value)).to.deep.equal([]);
    expect(together(value + 1000)).not.to.deep.equal([]);
  });

  it('leaves room for those that have no reservation', () => {
    const two = `${A}\nvm b { match user "b" vcpus 1 }\nreserve a 20ms every 100ms\nlimit guests to 0.98 cores`;
    const { counterOffers } = answerOf(two, 'reserve q 95ms every 100ms', FOUR);
    expect(counterOffers).not.to.have.length(0);
    for (const { text } of counterOffers) {
      expect(codesOf(`${two}\n${Q}\n${text.replace('reserve', 'reserve q')}`, FOUR), text).to.deep.equal([]);
    }
  });
});

describe('a restriction on all guests holds for those of a request', () => {
  const CASES: readonly (readonly [present: string, asked: string, facts: HostFacts])[] = [
    ['guarantee a 1 GiB memory\nlimit guests to 2 GiB memory', 'guarantee q 2 GiB memory', FOUR],
    ['guarantee a 0.9 cores\nplace a on cores 1', 'reserve q 80ms every 100ms', TWO],
    ['keep 1 core for owner by quota', 'reserve q 80ms every 100ms', TWO],
    ['pause guests', 'reserve q 10ms every 100ms', FOUR],
    ['run guests 100ms every 1s', 'reserve q 10ms every 100ms', FOUR],
    ['switch s\nwhen s { pause guests }', 'reserve q 10ms every 100ms', FOUR],
    ['yield guests', 'reserve q 10ms every 100ms', FOUR],
    ['stop guests within 1min', 'reserve q 10ms every 100ms', FOUR],
    ['pause guests', 'guarantee q 0.5 cores', FOUR],
    ['yield guests', 'guarantee q 0.5 cores', FOUR],
    ['place guests on cores 0', 'guarantee q 2 cores\nguarantee q 1.5 cores', FOUR],
    ['limit each guests to 10% of a core', 'reserve q 50ms every 100ms', FOUR],
    ['limit each guests to 1 GiB memory', 'guarantee q 2 GiB memory', FOUR],
    ['limit guests to 50% of a core by duty', 'reserve q 60ms every 100ms', FOUR],
    [
      'limit a to 1 core\nlimit others to 1 core\nassert guests at most 2 cores',
      'reserve q 10ms every 100ms',
      FOUR,
    ],
  ];
  for (const [present, asked, facts] of CASES) {
    it(`${present.split('\n').at(-1)}: ${asked.split('\n')[0]}`, () => {
      const { admitted } = answerOf(`${A}\n${present}`, asked, facts);
      const together = codesOf(`${A}\n${present}\n${Q}\n${asked}`, facts);
      expect(admitted, together.join()).to.equal(together.length === 0);
    });
  }

  it('says in which modes, and what compiling both says', () => {
    const { refused, granted } = answerOf(
      `${A}\nswitch s\nwhen s { pause guests }`,
      'reserve q 10ms every 100ms',
      FOUR,
    );
    expect(refused.map(({ modes, obstacle, code }) => [modes, obstacle, code])).to.deep.equal([
      [['s'], 'restriction', 'VMC3004'],
    ]);
    expect(refused[0]?.reason).to.include('it is paused');
    expect(granted.map(({ modes }) => modes)).to.deep.equal([['not s']]);
  });

  it('does not where it is on the others', () => {
    for (const sentence of ['pause others', 'run others 100ms every 1s', 'yield others'])
      expect(answerOf(`${A}\n${sentence}`, 'reserve q 10ms every 100ms', FOUR).admitted).to.equal(true);
  });
});

describe('a plan', () => {
  const admitted = (plan: ReturnType<typeof planOf>) =>
    admit(plan, { file: 'r.vmc', text: `${Q}\nreserve q 10ms every 100ms` }).answer;

  it('that does not contain its policy decides nothing, and says so', () => {
    const plan = planOf(A, FOUR);
    const { files: _, ...policy } = plan.policy;
    const answer = admitted({ ...plan, policy });
    expect(answer?.admitted).to.equal(false);
    expect(answer?.refused[0]).to.include({ obstacle: 'undecided', proof: false });
    expect(answer?.refused[0]?.reason).to.include('compile policy and request together');
  });

  it('of a policy in several files decides as if it were one', () => {
    const source = { file: 'folder/p.vmc', text: 'import "limits.vmc"\nreserve a 20ms every 100ms' };
    const readImport = (file: string) =>
      file === 'folder/limits.vmc'
        ? { kind: 'text' as const, text: `${A}\nlimit guests to 0.4 cores` }
        : { kind: 'refused' as const, reason: 'there is no such file' };
    const { plan } = compile(source, FOUR, { readImport });
    expect(plan?.policy.files?.map(({ file }) => file)).to.deep.equal(['folder/p.vmc', 'folder/limits.vmc']);
    const { refused } = admitted(plan!)!;
    expect(refused.map(({ code }) => code)).to.deep.equal(['VMC3011']);
  });

  it('that contains another policy decides nothing', () => {
    const plan = planOf(A, FOUR);
    const files = [{ file: 'test.vmc', text: `${A}\npause guests` }];
    expect(admitted({ ...plan, policy: { ...plan.policy, files } })?.refused[0]?.obstacle).to.equal(
      'undecided',
    );
  });
});

describe('a request on a host without reservations', () => {
  const facts: HostFacts = { ...FOUR, deadlineLimit: 0 };

  it('that reserves is refused for that, and no number in it helps', () => {
    const { admitted, refused, sought } = answerOf(A, 'reserve q 10ms every 100ms', facts);
    expect([admitted, sought]).to.deep.equal([false, false]);
    expect(refused.map(({ obstacle, code, proof }) => [obstacle, code, proof])).to.deep.equal([
      ['host', 'VMC5002', true],
    ]);
  });

  it('is refused even where the policy is kept as far as the host can', () => {
    const source = { file: 'p.vmc', text: `${A}\nreserve a 10ms every 100ms` };
    const { plan } = compile(source, facts, { degrade: true });
    expect(plan?.policy.leavesOut).to.equal(true);
    const reserving = admit(plan!, { file: 'r.vmc', text: `${Q}\nreserve q 10ms every 100ms` });
    expect(reserving.answer?.refused[0]?.code).to.equal('VMC5002');
    const other = admit(plan!, { file: 'r.vmc', text: `${Q}\nguarantee q 1 core` });
    expect(other.answer?.admitted).to.equal(true);
  });
});
