import { expect } from 'chai';
import { accepted, type Campaign, failed } from './campaigns/campaign.js';
import { type CampaignPart, describeFailure, runCampaign } from './campaigns/run-campaign.js';
import { shrink } from './shrink.js';

/** Ten letters an input; what has an `x` fails, and what has a `z` throws. */
const LETTERS: Campaign = {
  name: 'letters',
  claim: 'There is neither an x nor a z',
  nightlyInputs: 1,
  begin: () => ({
    make: (random) => ({
      text: Array.from({ length: 10 }, () => random.pick([...'abcdefghijklmnopqrstuvwxyz'])).join(''),
      setting: 'here',
    }),
    judge: ({ text }) => {
      if (text.includes('z')) throw new Error('a z');
      return text.includes('x') ? failed('an x') : accepted('fine');
    },
  }),
};
const ALL = { seed: 5, first: 0, step: 1, count: 60, maxFailures: 1000 };

describe('a campaign', () => {
  it('finds the inputs that break its claim, those that throw too, and shrinks them', async () => {
    const { failures, outcomes, inputs } = await runCampaign(LETTERS, ALL);
    expect(inputs).to.equal(60);
    expect(outcomes['fine']).to.equal(60 - failures.length);
    expect(failures.length).to.be.within(20, 50);
    for (const { text, failure, shrunken } of failures) {
      expect(text).to.match(failure.startsWith('threw') ? /z/ : /x/);
      expect(shrunken.text).to.match(/^[xz]$/);
    }
    expect(new Set(failures.map(({ failure }) => failure.split('\n')[0]))).to.deep.equal(
      new Set(['an x', 'threw Error: a z']),
    );
  });

  it('makes the same inputs whether they are made together, in parts, or alone', async () => {
    const found = async (part: Partial<CampaignPart>) =>
      (await runCampaign(LETTERS, { ...ALL, ...part })).failures.map(({ index, text }) => ({ index, text }));
    const whole = await found({});
    const parts = [
      ...(await found({ first: 0, step: 2, count: 30 })),
      ...(await found({ first: 1, step: 2, count: 30 })),
    ];
    expect(parts.sort((a, b) => a.index - b.index)).to.deep.equal(whole);
    const [one] = whole;
    if (one === undefined) throw new Error('some input fails');
    expect(await found({ first: one.index, count: 1 })).to.deep.equal([one]);
  });

  it('keeps the first failures and counts the others', async () => {
    const { failures, outcomes } = await runCampaign(LETTERS, { ...ALL, maxFailures: 2 });
    expect(failures).to.have.length(2);
    expect(outcomes['fine'] ?? 0).to.be.lessThan(58);
  });

  it('tells a failure with what makes it again', async () => {
    const [one] = (await runCampaign(LETTERS, { ...ALL, maxFailures: 1 })).failures;
    if (one === undefined) throw new Error('some input fails');
    const told = describeFailure(one);
    expect(told).to.include(`letters, seed 5, input ${one.index} (here)`);
    expect(told).to.include(JSON.stringify(one.shrunken.text));
  });
});

describe('shrinking', () => {
  it('leaves what the failure needs, wherever it stands', async () => {
    const text = 'one two\nthree four five\n"six seven" eight\nnine\n';
    expect(await shrink(text, (smaller) => smaller.includes('four') && smaller.includes('seven'))).to.equal(
      'fourseven',
    );
  });

  it('leaves a text alone of which all is needed', async () => {
    expect(await shrink('abc', (smaller) => smaller === 'abc')).to.equal('abc');
  });
});
