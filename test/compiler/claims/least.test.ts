import { expect } from 'chai';
import fc from 'fast-check';
import { leastOfGuest, leastOfSum } from '../../../src/compiler/claims/least.js';
import { HOST } from '../support.js';
import { circumstancesIn, numberOf } from './support.js';

const CLASSES = `
vm video { match user "v" vcpus 2 }
vm build { match user "b" vcpus 4 }
group batch up to 4 vms { match user "g" vcpus 1 }
group lent = build, batch
`;

const least = (sentences: string, subject: string) =>
  leastOfSum(subject, 'cpu', circumstancesIn(CLASSES + sentences));
const coresOf = (sentences: string, subject: string) => numberOf(least(sentences, subject).value);
const ofEach = (sentences: string, subject: string) =>
  numberOf(leastOfGuest(subject, 'cpu', circumstancesIn(CLASSES + sentences)).value);

describe('the least that a subject is promised', () => {
  const cases: readonly (readonly [string, string, string, number])[] = [
    ['is nothing without a promise', 'limit batch to 1 core', 'batch', 0],
    ['is its guarantee', 'guarantee build 1.5 cores', 'build', 1.5],
    ['is no more than its vCPUs can use', 'guarantee video 3 cores', 'video', 2],
    ['is its reservation, on every vCPU of every guest', 'reserve video 5ms every 20ms', 'video', 0.5],
    ['counts a guarantee to each as often as there are guests', 'guarantee each batch 0.5 cores', 'batch', 2],
    ['adds up what is promised in it', 'guarantee build 1 core\nguarantee batch 2 cores', 'lent', 3],
    [
      'adds reservations and guarantees in it',
      'reserve video 5ms every 20ms\nguarantee build 1 core',
      'guests',
      1.5,
    ],
    [
      'is a guarantee around what is promised in it where that is more',
      'guarantee build 1 core\nguarantee lent 3 cores',
      'lent',
      3,
    ],
    [
      'is what is promised in it where a guarantee around is less',
      'guarantee build 2 cores\nguarantee lent 1 core',
      'lent',
      2,
    ],
    [
      'is nothing of what is promised to a larger subject that others can use up',
      'guarantee lent 3 cores',
      'batch',
      0,
    ],
    [
      'is what others cannot use up of what is promised to a larger subject',
      'guarantee lent 3 cores\nlimit build to 1 core',
      'batch',
      2,
    ],
    [
      'is no more than the restrictions in force leave it',
      'guarantee build 2 cores\npause build',
      'build',
      0,
    ],
    [
      'is no more than the lower end of an elastic limit',
      'guarantee build 2 cores\nlimit build to 90% of cpu - owner.demand between 10% and 50% of cpu',
      'build',
      0.8,
    ],
    ['is nothing for what is being ended', 'guarantee build 2 cores\nstop build within 1min', 'build', 0],
  ];
  for (const [name, sentences, subject, cores] of cases) {
    it(name, () => expect(coresOf(sentences, subject)).to.equal(cores));
  }

  it('is for each guest its own guarantee, or its equal part of what all of them are promised', () => {
    expect(ofEach('guarantee each batch 0.5 cores', 'batch')).to.equal(0.5);
    expect(ofEach('guarantee batch 2 cores', 'batch')).to.equal(0.5);
    expect(ofEach('guarantee batch 3 cores\nguarantee each batch 0.5 cores', 'batch')).to.equal(0.75);
    expect(ofEach('guarantee batch 2 cores\nlimit each batch to 0.25 cores', 'batch')).to.equal(0.25);
  });

  it('is of memory what sentences say of each, and never divided', () => {
    const memory = (sentences: string) =>
      numberOf(leastOfGuest('batch', 'memory', circumstancesIn(CLASSES + sentences)).value);
    expect(memory('guarantee each batch 1 GiB memory')).to.equal(2 ** 30);
    expect(memory('guarantee batch 4 GiB memory')).to.equal(0);
    const sum = leastOfSum('lent', 'memory', circumstancesIn(`${CLASSES}guarantee each lent 1 GiB memory`));
    expect(numberOf(sum.value)).to.equal(5 * 2 ** 30);
  });

  it('names the sentences that promise it, and those that leave less of it', () => {
    const roles = (sentences: string) => least(sentences, 'build').reasons.map(({ role }) => role);
    expect(roles('guarantee build 1 core\nguarantee build 2 cores')).to.deep.equal([
      'guarantees the sum 2 cores (25% of cpu)',
    ]);
    expect(roles('guarantee build 2 cores\nlimit build to 1 core')).to.deep.equal([
      'guarantees the sum 2 cores (25% of cpu)',
      'limits the sum to 1 core (12.5% of cpu)',
    ]);
  });
});

const NAMES = ['a', 'b', 'c'];
const UNIONS: Readonly<Record<number, string>> = { 1: 'a', 2: 'b', 4: 'c', 3: 'ab', 7: 'abc' };

/** In half cores. */
interface Drawn {
  readonly guests: readonly number[];
  readonly vcpus: readonly number[];
  readonly each: readonly (number | null)[];
  readonly sums: readonly { readonly members: number; readonly halves: number }[];
}

const three = <T>(one: fc.Arbitrary<T>) => fc.array(one, { minLength: 3, maxLength: 3 });
const drawn: fc.Arbitrary<Drawn> = fc.record({
  guests: three(fc.integer({ min: 1, max: 2 })),
  vcpus: three(fc.integer({ min: 1, max: 2 })),
  each: three(fc.option(fc.integer({ min: 1, max: 3 }))),
  sums: fc.array(
    fc.record({ members: fc.constantFrom(1, 2, 4, 3, 7), halves: fc.integer({ min: 1, max: 10 }) }),
    { maxLength: 4 },
  ),
});

const policyOf = ({ guests, vcpus, each, sums }: Drawn): string =>
  [
    ...NAMES.map(
      (name, i) => `group ${name} up to ${guests[i]} vms { match user "${name}" vcpus ${vcpus[i]} }`,
    ),
    'group ab = a, b',
    'group abc = a, b, c',
    ...NAMES.flatMap((name, i) => (each[i] ? [`guarantee each ${name} ${each[i] / 2} cores`] : [])),
    ...sums.map(({ members, halves }) => `guarantee ${UNIONS[members]} ${halves / 2} cores`),
  ].join('\n');

const has = (mask: number, bit: number): boolean => (mask & (1 << bit)) !== 0;

/**
 * The least that the wanted classes can come away with when they want all they can use, every other class wants what
 * suits it, and every guarantee gives its subject what is guaranteed or all that it wants: tried one by one.
 */
function leastKept({ guests, vcpus, each, sums }: Drawn, wanted: number): number {
  const caps = NAMES.map((_, i) => (guests[i] ?? 0) * (vcpus[i] ?? 0) * 2);
  const floors = [
    ...sums,
    ...NAMES.map((_, i) => ({
      members: 1 << i,
      halves: (guests[i] ?? 0) * Math.min(each[i] ?? 0, (vcpus[i] ?? 0) * 2),
    })),
  ];
  let best = Number.POSITIVE_INFINITY;
  for (let x = 0; x <= (caps[0] ?? 0); x++) {
    for (let y = 0; y <= (caps[1] ?? 0); y++) {
      for (let z = 0; z <= (caps[2] ?? 0); z++) {
        const parts = [x, y, z];
        const of = (mask: number, values: readonly number[]) =>
          values.reduce((sum, value, i) => sum + (has(mask, i) ? value : 0), 0);
        const demands = caps.map((cap, i) => (has(wanted, i) ? cap : (parts[i] ?? 0)));
        const kept = floors.every(
          ({ members, halves }) => of(members, parts) >= Math.min(halves, of(members, demands)),
        );
        if (kept) best = Math.min(best, of(wanted, parts));
      }
    }
  }
  return best / 2;
}

describe('the least that a subject is promised, against every division tried one by one', () => {
  // As many cores as all vCPUs: so the host itself is never what a promise is less for.
  const facts = { ...HOST, cores: 12 };
  for (const [mask, subject] of Object.entries(UNIONS)) {
    it(`is the least that guarantees leave ${subject} whatever the others do`, () => {
      fc.assert(
        fc.property(drawn, (policy) => {
          const { value } = leastOfSum(subject, 'cpu', circumstancesIn(policyOf(policy), facts));
          expect(numberOf(value)).to.equal(leastKept(policy, Number(mask)));
        }),
        { numRuns: 60 },
      );
    });
  }
});
