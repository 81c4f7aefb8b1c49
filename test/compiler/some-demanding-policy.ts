import fc from 'fast-check';

const CLASS_TEXT = [
  'vm a { match name "a" and user "u" vcpus 2 memory 8 GiB task t 3ms every 20ms task slow 9 ms every 50 ms within 40 ms }',
  'vm b { match name "b" and user "u" vcpus 1 }',
  'group c up to 3 vms { match user "c" vcpus 1 memory 4 GiB task u 2ms every 10ms }',
  'vm "d 5% x" { match user "d" vcpus 4 }',
  'vm e { match name "e" and user "u" vcpus 2 task x 6ms every 9ms task y 6ms every 10ms task z 5ms every 10ms }',
  'group abc = a, b, c',
  'switch s',
].join('\n');

const subject = fc.constantFrom('a', 'b', 'c', '"d 5% x"', 'abc');
const reserved = fc.constantFrom('a', 'b', 'c', '"d 5% x"');
const space = fc.constantFrom('', ' ');
const cores = fc.oneof(
  fc.tuple(fc.integer({ min: 2, max: 50 }), space).map(([tenths, gap]) => `${tenths / 10}${gap}cores`),
  fc.tuple(fc.integer({ min: 5, max: 120 }), space).map(([percent, gap]) => `${percent}${gap}% of a core`),
  fc.integer({ min: 5, max: 90 }).map((percent) => `${percent}% of cpu`),
);
const periodMs = fc.constantFrom(10, 20, 50, 100);
const budget = fc.tuple(periodMs, fc.integer({ min: 10, max: 98 }), space);

/** Sentences that ask for much, mostly one a subject. */
const sentence = fc.oneof(
  fc
    .tuple(reserved, budget)
    .map(([who, [ms, percent, gap]]) => `reserve ${who} ${(ms * percent) / 100}${gap}ms every ${ms}ms`),
  fc
    .tuple(reserved, budget)
    .map(([who, [ms, percent, gap]]) => `reserve ${who} ${(ms * percent) / 100}${gap}ms in any ${ms}ms`),
  fc.constantFrom('reserve a for its tasks', 'reserve c for its tasks', 'reserve e for its tasks'),
  fc
    .tuple(reserved, budget)
    .map(([who, [ms, percent]]) => `reserve ${who} ${(ms * percent) / 100}ms every ${ms}ms by duty`),
  cores.map((amount) => `keep ${amount} for owner`),
  fc.tuple(subject, cores).map(([who, amount]) => `guarantee ${who} ${amount}`),
  fc.tuple(subject, cores).map(([who, amount]) => `guarantee ${who} ${amount} by duty`),
  fc
    .tuple(subject, fc.integer({ min: 4, max: 40 }))
    .map(([who, size]) => `guarantee ${who} ${size} GiB memory`),
  fc.integer({ min: 4, max: 40 }).map((size) => `keep ${size} GiB memory for owner`),
  fc.tuple(reserved, fc.constantFrom('0', '0-1', '1')).map(([who, list]) => `place ${who} on cores ${list}`),
  fc
    .tuple(subject, budget)
    .map(([who, [ms, percent]]) => `run ${who} ${(ms * percent) / 10}ms every ${ms * 10}ms`),
  fc.tuple(subject, cores).map(([who, amount]) => `limit ${who} to ${amount} by duty`),
  fc
    .tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 60 }))
    .map(([count, ms]) => `offer ${count} vms o { vcpus 1 reserve ${ms} ms every 100ms }`),
  fc
    .tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 30 }))
    .map(([count, tenths]) => `offer ${count} vms p { vcpus 2 guarantee ${tenths / 10} cores }`),
  fc.constantFrom('run b 7ms every 11ms', 'run b 13ms every 10007ms', 'pause "d 5% x"'),
);

const distinct = (text: string): string =>
  text
    .split(' ')
    .slice(0, text.startsWith('offer') ? 4 : 2)
    .join(' ');

/** Policies of which many cannot be kept. */
export const someDemandingPolicy = fc
  .tuple(fc.uniqueArray(sentence, { minLength: 1, maxLength: 5, selector: distinct }), fc.boolean())
  .map(([sentences, guarded]) => {
    const [first = '', second = '', ...rest] = sentences;
    const block = guarded ? `when s { ${first} } otherwise { ${second} }` : `${first}\n${second}`;
    return [CLASS_TEXT, block, ...rest].join('\n');
  });
