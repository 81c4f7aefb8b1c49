import { Value } from '@sinclair/typebox/value';
import { expect } from 'chai';
import { DaemonError } from '../../src/api/client.js';
import { RunningTimeOutcomeSchema, RunningTimeSchema } from '../../src/api/running-time-schema.js';
import { raw } from './raw-request.js';
import { type Serving, startServing } from './serving.js';

describe('POST /v1/running-time', () => {
  let serving: Serving;
  beforeEach(async () => {
    serving = await startServing();
  });
  afterEach(() => serving.stop());

  const problemOf = async (asked: Promise<unknown>): Promise<string> => {
    const error = await asked.then(
      () => null,
      (reason: unknown) => reason,
    );
    expect(error).to.be.instanceOf(DaemonError);
    const { status, message } = error as DaemonError;
    return `${status} ${message}`;
  };

  it('answers when work will be done, with limits and what they rest on, as its schema has it', async () => {
    // Two processors, two threads of the owner's that always want to run: two thirds are left.
    const answer = await serving.client.runningTime('30s');
    expect([...Value.Errors(RunningTimeSchema, answer)]).to.deep.equal([]);
    expect(answer.expectedNs).to.be.closeTo(45e9, 1e6);
    expect(answer.lowerNs).to.be.below(45e9);
    expect(answer.upperNs).to.be.above(45e9);
    expect(answer).to.deep.include({ workNs: 30e9, class: null, level: 0.95, never: null });
    expect(answer.basis).to.deep.include({
      mode: 'calm',
      kind: 'fair share',
      aloneCores: 1,
      signal: 'owner.threads',
      samples: 300,
      outcomes: 0,
      calibrated: false,
      coverage: null,
    });
    const wider = await serving.client.runningTime('30s', { level: '99%' });
    expect(wider.upperNs! - wider.lowerNs!).to.be.above(answer.upperNs! - answer.lowerNs!);
  });

  it('says of work that takes longer than the load is forecast for that it does', async () => {
    expect((await serving.client.runningTime('6min')).basis.beyondHorizon).to.equal(false);
    expect((await serving.client.runningTime('7min')).basis.beyondHorizon).to.equal(true);
  });

  it('takes how long it took, once, and calibrates with it', async () => {
    const { id, expectedNs } = await serving.client.runningTime('3s');
    const outcome = await serving.client.runningTimeOutcome(id!, `${Math.round(expectedNs! * 1.02)}ns`);
    expect([...Value.Errors(RunningTimeOutcomeSchema, outcome)]).to.deep.equal([]);
    expect(outcome.inside).to.equal(true);
    expect(outcome.tookOfExpected).to.be.closeTo(1.02, 1e-6);
    const { basis } = await serving.client.runningTime('3s');
    expect(basis).to.include({ outcomes: 1, coverage: 1, calibrated: false });
    expect(await problemOf(serving.client.runningTimeOutcome(id!, '4s'))).to.match(
      /^404 no answer .* waits for its outcome/,
    );
  });

  it('does not take the asker’s own work, once told of, for the owner’s load', async () => {
    // The work took all of the last 60 s of the record: one of the two threads there was its own.
    const { id } = await serving.client.runningTime('60s');
    await serving.client.runningTimeOutcome(id!, '60s');
    const { basis } = await serving.client.runningTime('1s');
    expect(basis.coresAsNow).to.equal(1);
    expect(basis.threads).to.be.below(1.5);
  });

  it('answers by the terms of the language’s others and of classes, and refuses what is neither', async () => {
    const others = await serving.client.runningTime('1s', { class: 'others' });
    expect(others.basis.kind).to.equal('share');
    expect(others.class).to.equal('others');
    expect(await problemOf(serving.client.runningTime('1s', { class: 'other' }))).to.equal(
      '404 the policy has no class other; did you mean others?',
    );
  });

  const mistakes: readonly (readonly [what: string, body: object, complaint: RegExp])[] = [
    ['no work', {}, /work/],
    ['work of nothing', { work: '0s' }, /work must be a time above 0/],
    ['negative work', { work: '-3s' }, /must be a time such as/],
    ['a level of 0', { work: '1s', level: '0%' }, /level must be a percentage above 0% and below 100%/],
    ['a level of 1', { work: '1s', level: '100%' }, /level must be a percentage above 0% and below 100%/],
    ['a word that it does not know', { work: '1s', until: 'noon' }, /additional properties/],
  ];
  for (const [what, body, complaint] of mistakes) {
    it(`refuses ${what}`, async () => {
      const answer = await raw(serving.socket, 'POST', '/v1/running-time', {
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      expect(answer.status).to.equal(400);
      expect((JSON.parse(answer.body) as { detail: string }).detail).to.match(complaint);
    });
  }

  it('refuses an outcome of no time', async () => {
    const { id } = await serving.client.runningTime('3s');
    expect(await problemOf(serving.client.runningTimeOutcome(id!, '0s'))).to.match(
      /^400 took must be a time above 0/,
    );
  });
});
