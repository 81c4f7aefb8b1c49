import { expect } from 'chai';
import fc from 'fast-check';
import { mostOfGuest, mostOfSum } from '../../../src/compiler/claims/most.js';
import { HOST } from '../support.js';
import { circumstancesIn, numberOf } from './support.js';

const CLASSES = `
vm video { match user "v" vcpus 2 }
vm build { match user "b" vcpus 4 }
group batch up to 6 vms { match user "g" vcpus 1 }
group lent = build, batch
`;

const most = (sentences: string, subject: string) =>
  mostOfSum(subject, 'cpu', circumstancesIn(CLASSES + sentences));
const coresOf = (sentences: string, subject: string) => numberOf(most(sentences, subject).value);
const whyOf = (sentences: string, subject: string) =>
  most(sentences, subject).reasons.map(({ role }) => role);

describe('the most that a subject can get', () => {
  const cases: readonly (readonly [string, string, string, number])[] = [
    ['is that of its vCPUs without a sentence', '', 'batch', 6],
    ['is that of the host where its vCPUs could use more', '', 'guests', 8],
    ['is its limit', 'limit batch to 25% of cpu', 'batch', 2],
    ['is the limit of what contains it', 'limit lent to 1 core', 'batch', 1],
    ['is the sum of the limits in it', 'limit build to 1 core\nlimit batch to 2 cores', 'lent', 3],
    [
      'is that of a limit around the sum of the limits in it',
      'limit lent to 2.5 cores\nlimit build to 1 core\nlimit batch to 2 cores',
      'lent',
      2.5,
    ],
    ['counts a limit on each as often as there are guests', 'limit each batch to 0.25 cores', 'batch', 1.5],
    ['counts a duty cycle on every vCPU', 'run build 200ms every 1s', 'build', 0.8],
    ['is nothing while it is paused', 'pause lent', 'batch', 0],
    ['counts the others in a union when one is paused', 'pause build', 'lent', 6],
    [
      'is exactly a reservation, which takes no more than it has',
      'reserve video 5ms every 20ms',
      'video',
      0.5,
    ],
    ['is the cores that it is placed on', 'place batch on cores 0-2', 'batch', 3],
    [
      'is what two subjects on the same cores can have together',
      'place build on cores 0-1\nplace batch on cores 1-2',
      'lent',
      3,
    ],
    ['is not less for what weights keep for the owner', 'keep 6 cores for owner', 'guests', 8],
    ['is less for what a quota keeps for the owner', 'keep 6 cores for owner by quota', 'lent', 2],
    [
      'is the upper end of an elastic limit',
      'limit batch to 90% of cpu - owner.demand between 10% and 50% of cpu',
      'batch',
      4,
    ],
    [
      'is bounded for a part of a union by what the union may have',
      'limit guests to 3 cores\nlimit batch to 1 core',
      'lent',
      3,
    ],
    ['is the whole host for guests of no class', '', 'others', 8],
    ['is nothing for guests of no class while they are paused', 'pause others', 'others', 0],
  ];
  for (const [name, sentences, subject, cores] of cases) {
    it(name, () => expect(coresOf(sentences, subject)).to.equal(cores));
  }

  it('names the sentences that decide it, and no others', () => {
    const why = whyOf('limit lent to 2 cores\nlimit build to 3 cores\nlimit guests to 6 cores', 'lent');
    expect(why).to.deep.equal(['limits the sum to 2 cores (25% of cpu)']);
  });

  it('names every term of a sum', () => {
    expect(whyOf('limit build to 1 core\nrun batch 100ms every 1s', 'lent')).to.deep.equal([
      'limits the sum to 1 core (12.5% of cpu)',
      'lets it run 100ms every 1s',
    ]);
  });

  it('names the declaration where no sentence limits it', () => {
    expect(whyOf('', 'batch')).to.deep.equal(['6 guests with 1 vCPU each']);
  });

  it('is for one guest what the sum of all may have', () => {
    const one = (sentences: string) =>
      numberOf(mostOfGuest('batch', 'cpu', circumstancesIn(CLASSES + sentences)).value);
    expect(one('')).to.equal(1);
    expect(one('limit batch to 0.5 cores')).to.equal(0.5);
    expect(one('limit each batch to 0.25 cores\nlimit batch to 0.5 cores')).to.equal(0.25);
  });

  it('is of memory and rates what they are limited to, and without that the whole or no bound', () => {
    const of = (sentences: string, resource: 'memory' | 'diskIops') =>
      numberOf(mostOfSum('lent', resource, circumstancesIn(CLASSES + sentences)).value);
    expect(of('limit lent to 4 GiB memory', 'memory')).to.equal(4 * 2 ** 30);
    expect(of('limit each lent to 1 GiB memory', 'memory')).to.equal(7 * 2 ** 30);
    expect(of('', 'memory')).to.equal(HOST.memoryBytes);
    expect(of('limit build to 100 iops disk', 'diskIops')).to.equal(null);
    expect(of('limit build to 100 iops disk\nlimit each batch to 10 iops disk', 'diskIops')).to.equal(160);
  });
});

/** Three classes on three cores, everything in half cores, so that the greatest sum is a whole number of them. */
interface Drawn {
  readonly guests: readonly number[];
  readonly vcpus: readonly number[];
  readonly each: readonly (number | null)[];
  readonly sums: readonly { readonly members: number; readonly halves: number }[];
  readonly cores: readonly (number | null)[];
}

const NAMES = ['a', 'b', 'c'];
/** Subsets of the three that nest: one pair, and all. */
const UNIONS: Readonly<Record<number, string>> = { 1: 'a', 2: 'b', 4: 'c', 3: 'ab', 7: 'abc' };

const drawn: fc.Arbitrary<Drawn> = fc.record({
  guests: fc.array(fc.integer({ min: 1, max: 2 }), { minLength: 3, maxLength: 3 }),
  vcpus: fc.array(fc.integer({ min: 1, max: 2 }), { minLength: 3, maxLength: 3 }),
  each: fc.array(fc.option(fc.integer({ min: 1, max: 4 })), { minLength: 3, maxLength: 3 }),
  sums: fc.array(
    fc.record({ members: fc.constantFrom(1, 2, 4, 3, 7), halves: fc.integer({ min: 1, max: 8 }) }),
    { maxLength: 4 },
  ),
  cores: fc.array(fc.option(fc.integer({ min: 1, max: 7 })), { minLength: 3, maxLength: 3 }),
});

function policyOf({ guests, vcpus, each, sums, cores }: Drawn): string {
  const halves = (count: number) => `${count / 2} cores`;
  return [
    ...NAMES.map(
      (name, i) => `group ${name} up to ${guests[i]} vms { match user "${name}" vcpus ${vcpus[i]} }`,
    ),
    'group ab = a, b',
    'group abc = a, b, c',
    ...NAMES.flatMap((name, i) => (each[i] ? [`limit each ${name} to ${halves(each[i])}`] : [])),
    ...sums.map(({ members, halves: count }) => `limit ${UNIONS[members]} to ${halves(count)}`),
    ...NAMES.flatMap((name, i) => {
      const mask = cores[i];
      return mask
        ? [`place ${name} on cores ${[0, 1, 2].filter((core) => mask & (1 << core)).join(',')}`]
        : [];
    }),
  ].join('\n');
}

const has = (mask: number, bit: number): boolean => (mask & (1 << bit)) !== 0;

/** Every division of half cores among the three classes that breaks nothing, tried one by one. */
function greatestSum(drawn: Drawn, wanted: number): number {
  const { guests, vcpus, each, sums, cores } = drawn;
  const caps = NAMES.map((_, i) => (guests[i] ?? 0) * Math.min((vcpus[i] ?? 0) * 2, each[i] ?? 99));
  const onCores = (classes: number): number => {
    let union = 0;
    for (const i of [0, 1, 2]) if (has(classes, i)) union |= cores[i] ?? 7;
    return 2 * [0, 1, 2].filter((core) => has(union, core)).length;
  };
  let best = 0;
  for (let x = 0; x <= (caps[0] ?? 0); x++) {
    for (let y = 0; y <= (caps[1] ?? 0); y++) {
      for (let z = 0; z <= (caps[2] ?? 0); z++) {
        const parts = [x, y, z];
        const total = (mask: number) => parts.reduce((sum, part, i) => sum + (has(mask, i) ? part : 0), 0);
        const limited = sums.every(({ members, halves }) => total(members) <= halves);
        // Hall: any classes together fit on the cores that they may run on.
        const placed = [1, 2, 3, 4, 5, 6, 7].every((classes) => total(classes) <= onCores(classes));
        if (limited && placed) best = Math.max(best, total(wanted));
      }
    }
  }
  return best / 2;
}

describe('the most that a subject can get, against every division tried one by one', () => {
  const facts = { ...HOST, cores: 3 };
  for (const [mask, subject] of Object.entries(UNIONS)) {
    it(`is the greatest sum that breaks nothing, for ${subject}`, () => {
      fc.assert(
        fc.property(drawn, (policy) => {
          const circumstances = circumstancesIn(policyOf(policy), facts);
          const { value } = mostOfSum(subject, 'cpu', circumstances);
          expect(numberOf(value)).to.equal(greatestSum(policy, Number(mask)));
        }),
        { numRuns: 60 },
      );
    });
  }
});
