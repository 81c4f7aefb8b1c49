import fc from 'fast-check';

/*
 * Policies and requests that get in each other's way, of sentences of all kinds. Classes of the policy are a, b, c and d, the
 * request's is q.
 */

const CLASSES = [
  'vm a { match user "a" vcpus 1 memory 1 GiB }',
  'vm b { match user "b" vcpus 2 memory 4 GiB }',
  'group c up to 2 vms { match user "c" vcpus 1 memory 2 GiB }',
  'group ab = a, b',
  'switch s',
].join('\n');

const subject = fc.constantFrom('a', 'b', 'c', 'ab', 'guests');
const restricted = fc.constantFrom('a', 'b', 'ab', 'guests', 'guests', 'others', 'others');
const counted = fc.constantFrom('a', 'b', 'c', 'ab');
const cores = fc.integer({ min: 1, max: 35 }).map((tenths) => `${tenths / 10} cores`);
const percent = fc.integer({ min: 1, max: 95 });
const cycle = (...periodsMs: readonly number[]) =>
  fc
    .tuple(fc.constantFrom(...periodsMs), percent)
    .map(([periodMs, part]) => `${(periodMs * part) / 100}ms every ${periodMs}ms`);
const by = (...mechanisms: readonly string[]) =>
  fc.constantFrom('', '', ...mechanisms.map((name) => ` by ${name}`));
const gib = fc.integer({ min: 1, max: 20 });

const sentence = fc.oneof(
  fc.tuple(counted, cycle(10, 20, 100)).map(([who, what]) => `reserve ${who} ${what}`),
  fc.tuple(counted, percent).map(([who, part]) => `reserve ${who} ${part / 2}ms in any 100ms`),
  fc.tuple(counted, cycle(40, 100)).map(([who, what]) => `reserve ${who} ${what} by duty`),
  fc.tuple(counted, cores, by('duty')).map(([who, what, how]) => `guarantee ${who} ${what}${how}`),
  fc.tuple(counted, gib).map(([who, size]) => `guarantee ${who} ${size} GiB memory`),
  fc.tuple(cores, by('quota', 'duty')).map(([what, how]) => `keep ${what} for owner${how}`),
  gib.map((size) => `keep ${size} GiB memory for owner`),
  fc
    .tuple(fc.constantFrom('', '', 'each '), restricted, cores, by('duty', 'quota'))
    .map(([each, who, what, how]) => `limit ${each}${who} to ${what}${how}`),
  fc
    .tuple(fc.constantFrom('', 'each '), restricted, gib)
    .map(([each, who, size]) => `limit ${each}${who} to ${size} GiB memory`),
  restricted.map((who) => `limit ${who} to 90% of cpu - owner.cpu between 0.8 cores and 2 cores`),
  fc.tuple(restricted, cycle(100, 1000)).map(([who, what]) => `run ${who} ${what}`),
  fc.tuple(fc.constantFrom('pause', 'yield'), restricted).map(([verb, who]) => `${verb} ${who}`),
  restricted.map((who) => `stop ${who} within 1min`),
  fc
    .tuple(restricted, fc.constantFrom('0', '0-1', '1', '1-3'))
    .map(([who, list]) => `place ${who} on cores ${list}`),
  fc
    .tuple(fc.integer({ min: 1, max: 9 }), by('quota', 'duty'))
    .map(([part, how]) => `share cpu among guests ${part}, owner 2${how}`),
  fc
    .tuple(fc.integer({ min: 1, max: 9 }), by('quota', 'duty'))
    .map(([part, how]) => `share cpu among ab ${part}, c 2${how}`),
  fc.constantFrom('ab', 'guests').map((who) => `share cpu equally within ${who}`),
  fc.tuple(subject, cores).map(([who, most]) => `assert ${who} at most ${most}`),
  fc.tuple(counted, cores).map(([who, least]) => `assert ${who} at least ${least}`),
  fc.constant('budget guests 2 core-hours per day then pause'),
);
const condition = fc.constantFrom('s', 'owner.demand > 50%', 'weekdays 09:00-17:00', 'not s');
const block = fc.oneof(
  { weight: 4, arbitrary: sentence },
  fc
    .tuple(condition, sentence)
    .map(([guard, one]) => (one.startsWith('assert') ? one : `when ${guard} { ${one} }`)),
);
const offer = fc
  .constantFrom('reserve 10ms every 40ms', 'guarantee 0.3 cores', 'memory 2 GiB')
  .map((terms) => `offer 2 vms d { vcpus 1 ${terms} }`);

/** One to four sentences; most of them can be kept. */
export const somePresentPolicy: fc.Arbitrary<string> = fc
  .tuple(fc.array(block, { minLength: 1, maxLength: 4 }), fc.option(offer, { freq: 6 }))
  .map(([blocks, offered]) => [CLASSES, ...blocks, ...(offered ? [offered] : [])].join('\n'));

const asking = fc.oneof(
  fc.tuple(cycle(10, 40, 100), by('duty')).map(([what, how]) => `reserve q ${what}${how}`),
  percent.map((part) => `reserve q ${part}ms in any 100ms`),
  fc.tuple(cores, by('duty')).map(([what, how]) => `guarantee q ${what}${how}`),
  gib.map((size) => `guarantee q ${size} GiB memory`),
  fc.tuple(cores, gib).map(([what, size]) => `guarantee q ${what} and ${size} GiB memory`),
);
const own = fc.option(
  fc.oneof(
    fc.constantFrom(
      'place q on cores 0',
      'place q on cores 1-2',
      'limit q to 0.5 cores',
      'limit q to 2 cores',
    ),
    fc.constantFrom('limit q to 2 GiB memory', 'limit each q to 0.4 cores by duty'),
  ),
  { freq: 4 },
);

/** A class or an offer, and one thing that it asks for. */
export const someRequest: fc.Arbitrary<string> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 2 }), asking, own)
      .map(([guests, vcpus, asked, also]) =>
        [
          `group q up to ${guests} vms { match user "q" vcpus ${vcpus} }`,
          asked,
          ...(also ? [also] : []),
        ].join('\n'),
      ),
  },
  fc
    .tuple(
      fc.integer({ min: 1, max: 3 }),
      fc.oneof(
        cycle(10, 40).map((what) => `reserve ${what}`),
        cores.map((what) => `guarantee ${what}`),
        gib.map((size) => `memory ${size} GiB`),
      ),
    )
    .map(([count, terms]) => `offer ${count} vms q { vcpus 1 ${terms} }`),
);

/** Many servers, what is kept for the owner, and a guarantee. */
export const somePackedPolicy: fc.Arbitrary<string> = fc
  .record({
    vcpus: fc.integer({ min: 1, max: 3 }),
    guests: fc.integer({ min: 1, max: 3 }),
    budgetMs: fc.integer({ min: 1, max: 9 }),
    periodMs: fc.constantFrom(10, 20, 25, 40),
    keep: fc.integer({ min: 0, max: 7 }),
    floor: fc.integer({ min: 0, max: 6 }),
  })
  .map(({ vcpus, guests, budgetMs, periodMs, keep, floor }) =>
    [
      `group present up to ${guests} vms { match user "present" vcpus ${vcpus} }`,
      'group floored up to 4 vms { match user "floored" vcpus 1 }',
      `reserve present ${budgetMs}ms every ${periodMs}ms`,
      ...(keep > 0 ? [`keep ${keep / 4} cores for owner`] : []),
      ...(floor > 0 ? [`guarantee floored ${floor / 4} cores`] : []),
    ].join('\n'),
  );
