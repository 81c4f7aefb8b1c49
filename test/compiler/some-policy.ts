import fc from 'fast-check';

const CLASS_TEXT = [
  'vm a { match name "a" and user "u" vcpus 2 }',
  'vm b { match name "b" and user "u" vcpus 1 }',
  'group c up to 3 vms { match user "c" vcpus 1 }',
  'group d up to 2 vms { match user "d" vcpus 2 }',
  'group ab = a, b',
  'group all = ab, c',
  'switch s',
  'signal price number',
].join('\n');

const subject = fc.constantFrom('a', 'b', 'c', 'd', 'ab', 'all', 'guests', 'others');
const counted = fc.constantFrom('a', 'b', 'c', 'd', 'ab');
const cycle = (periods: readonly number[]) =>
  fc
    .tuple(fc.constantFrom(...periods), fc.integer({ min: 1, max: 90 }))
    .map(([periodMs, percent]) => `${(periodMs * percent) / 100}ms every ${periodMs}ms`);
const cores = fc.integer({ min: 1, max: 40 }).map((tenths) => `${tenths / 10} cores`);

/** Mostly one constraint a subject, so that many policies hold together. */
const sentence = fc.oneof(
  cores.map((amount) => `keep ${amount} for owner`),
  fc
    .tuple(fc.constantFrom('', 'each '), subject, cores)
    .map(([each, name, amount]) => `limit ${each}${name} to ${amount}`),
  fc
    .tuple(subject, cores, fc.constantFrom('duty', 'quota', 'freezer'))
    .map(([name, amount, mechanism]) => `limit ${name} to ${amount} by ${mechanism}`),
  fc
    .tuple(fc.integer({ min: 1, max: 9 }), fc.constantFrom('share', 'quota', 'duty'))
    .map(([part, mechanism]) => `share cpu among owner 1, ab ${part}, c 2 by ${mechanism}`),
  fc.tuple(counted, cycle([5, 10, 20, 40, 100])).map(([name, text]) => `reserve ${name} ${text}`),
  fc.tuple(counted, cycle([40, 100])).map(([name, text]) => `reserve ${name} ${text} by duty`),
  fc.tuple(counted, cores).map(([name, amount]) => `guarantee ${name} ${amount} by duty`),
  fc.tuple(counted, cores).map(([name, amount]) => `guarantee ${name} ${amount}`),
  fc
    .tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }))
    .map(([x, y]) => `share cpu among c ${x}, d ${y}`),
  fc
    .tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }))
    .map(([x, y]) => `share cpu among all ${x}, d ${y}`),
  fc.tuple(subject, cycle([100, 200, 500, 1000])).map(([name, text]) => `run ${name} ${text}`),
  subject.map((name) => `pause ${name}`),
  subject.map((name) => `yield ${name}`),
  subject.map((name) => `stop ${name} within 1min`),
  fc
    .tuple(subject, fc.constantFrom('0', '0-1', '1-3', '0,2', '3'))
    .map(([name, list]) => `place ${name} on cores ${list}`),
  fc.constantFrom('ab', 'all', 'guests', 'c').map((name) => `share cpu equally within ${name}`),
  fc
    .tuple(fc.constantFrom('', 'each '), subject, fc.integer({ min: 1, max: 12 }))
    .map(([each, name, size]) => `limit ${each}${name} to ${size} GiB memory and ${size} MB/s disk`),
  fc
    .tuple(fc.constantFrom('', 'each '), counted, fc.integer({ min: 1, max: 12 }))
    .map(([each, name, size]) => `guarantee ${each}${name} ${size} GiB memory`),
  fc
    .tuple(subject, fc.integer({ min: 1, max: 9 }), fc.integer({ min: 10, max: 20 }))
    .map(
      ([name, from, to]) =>
        `limit ${name} to 90% of cpu - owner.cpu between ${from / 10} cores and ${to / 10} cores`,
    ),
  fc
    .tuple(fc.constantFrom('', 'each '), subject, fc.constantFrom('', ' then pause', ' then limit to 1 core'))
    .map(([each, name, then]) => `budget ${each}${name} 2 core-hours per day${then}`),
);

/** At most one a policy, so that its name is its own. */
const offer = fc
  .tuple(
    fc.integer({ min: 1, max: 3 }),
    fc.constantFrom('reserve 5ms every 20ms', 'guarantee 0.5 cores', 'limit to 1 core', 'memory 2 GiB'),
  )
  .map(([count, terms]) => `offer ${count} vms o { vcpus 1 ${terms} }`);

const condition = fc.constantFrom(
  's',
  'owner.demand > 50%',
  'weekdays 09:00-17:00',
  'not s',
  'weekends or s',
  'price > 30 until < 20',
  'process "blender" running',
);
const block = fc.oneof(
  { weight: 3, arbitrary: sentence },
  fc
    .tuple(condition, sentence, sentence)
    .map(([guard, yes, no]) => `when ${guard} { ${yes} } otherwise { ${no} }`),
);

/** Policies of a few sentences over the same classes. */
export const somePolicy: fc.Arbitrary<string> = fc
  .tuple(fc.array(block, { minLength: 1, maxLength: 4 }), fc.option(offer, { freq: 5 }))
  .map(([blocks, offered]) => [CLASS_TEXT, ...blocks, ...(offered ? [offered] : [])].join('\n'));
