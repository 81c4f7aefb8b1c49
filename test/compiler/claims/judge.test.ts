import { expect } from 'chai';
import { judge } from '../../../src/compiler/claims/judge.js';
import { analyse } from '../../../src/lang/index.js';
import { circumstancesIn } from './support.js';

const CLASSES = `
vm video { match user "v" vcpus 2 }
vm build { match user "b" vcpus 4 }
group batch up to 4 vms { match user "g" vcpus 1 }
group lent = build, batch
`;

/** What an expectation written in the language comes to. */
function judged(sentences: string, expectation: string) {
  const text = `${CLASSES}${sentences}\ntest "it" { expect ${expectation} }`;
  const { model } = analyse({ file: 'test.vmc', text });
  const [first] = model?.tests[0]?.expectations ?? [];
  if (first?.kind !== 'outcome') throw new Error(`no outcome: ${expectation}`);
  return judge(first, circumstancesIn(text));
}

describe('what is said of a subject', () => {
  const truths: readonly (readonly [string, string])[] = [
    ['limit batch to 2 cores', 'batch at most 25% of cpu'],
    ['limit each batch to 0.5 cores', 'each batch at most 0.5 cores'],
    ['limit each lent to 1 core', 'each lent at most 1 core'],
    ['', 'batch at most 4 cores'],
    ['guarantee build 1 core', 'build at least 1 core'],
    ['guarantee build 1 core and 4 GiB memory', 'build guaranteed 1 core and 4 GiB memory'],
    ['guarantee each batch 0.5 cores', 'each batch guaranteed 0.5 cores'],
    ['guarantee each lent 0.5 cores', 'each lent at least 0.5 cores'],
    ['reserve video 5ms every 20ms', 'video at least 0.5 cores'],
    ['pause lent', 'batch paused'],
    ['pause build\npause batch', 'lent paused'],
    ['run lent 0.2s every 1s', 'batch runs 200ms every 1000ms'],
    ['yield lent', 'build yields'],
    ['reserve video 5ms every 20ms', 'video reserved 5ms every 20ms'],
    ['reserve video 10ms every 20ms', 'video reserved 10ms in any 30ms'],
    ['limit batch to 4 GiB memory and 20 MB/s disk', 'batch at most 4 GiB memory'],
    ['limit batch to 4 GiB memory and 20 MB/s disk', 'batch at most 20 MB/s disk'],
  ];
  for (const [sentences, expectation] of truths) {
    it(`holds: ${expectation}, under "${sentences}"`, () => {
      const { holds, got } = judged(sentences, expectation);
      expect(holds, got).to.equal(true);
    });
  }

  const untruths: readonly (readonly [string, string, string])[] = [
    ['limit batch to 2 cores', 'batch at most 1.9 cores', 'it can get 2 cores (25% of cpu)'],
    ['limit each batch to 0.5 cores', 'batch at most 1 core', 'it can get 2 cores (25% of cpu)'],
    ['limit batch to 2 cores', 'each batch at most 0.5 cores', 'each can get 1 core (12.5% of cpu)'],
    ['limit each batch to 1 core', 'each lent at most 1 core', 'each of build can get 4 cores (50% of cpu)'],
    ['limit build to 1 core', 'build at most 1 GiB memory', 'it can get 32 GiB of memory'],
    ['', 'batch at most 10 iops disk', 'it can get without limit'],
    ['guarantee build 1 core', 'build at least 1.5 cores', 'it is promised 1 core (12.5% of cpu)'],
    ['guarantee build 1 core', 'build guaranteed 1 core and 1 GiB memory', 'it is promised nothing'],
    ['guarantee each build 0.5 cores', 'each lent at least 0.5 cores', 'each of batch is promised nothing'],
    ['pause build', 'lent paused', 'batch runs without a duty cycle'],
    ['run batch 200ms every 1s', 'batch runs 300ms every 1s', 'it runs 200ms every 1s'],
    ['run batch 200ms every 1s', 'batch paused', 'it runs 200ms every 1s'],
    ['pause batch', 'batch runs 200ms every 1s', 'it is paused'],
    ['yield build', 'lent yields', 'batch does not yield'],
    [
      'reserve video 5ms every 20ms',
      'video reserved 6ms every 20ms',
      'it is reserved 5ms every 20ms on each vCPU',
    ],
    [
      'reserve video 10ms every 20ms',
      'video reserved 10ms in any 29ms',
      'it is reserved 10ms every 20ms on each vCPU',
    ],
    ['', 'video reserved 5ms every 20ms', 'it has no reservation'],
  ];
  for (const [sentences, expectation, got] of untruths) {
    it(`does not hold: ${expectation}, under "${sentences}"`, () => {
      expect(judged(sentences, expectation)).to.include({ holds: false, got });
    });
  }

  it('is answered with the places of the sentences that decide it', () => {
    const text = 'limit build to 1 core\nrun batch 250ms every 1s';
    const { reasons } = judged(text, 'lent at most 1 core');
    const whole = `${CLASSES}${text}`;
    const texts = reasons.map(({ place }) => whole.slice(place.range.start.offset, place.range.end.offset));
    expect(texts).to.deep.equal(['limit build to 1 core', 'run batch 250ms every 1s']);
  });
});
