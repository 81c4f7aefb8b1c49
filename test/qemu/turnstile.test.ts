import { expect } from 'chai';
import { Turnstile } from '../../src/qemu/turnstile.js';
import { until } from '../support/guests/until.js';

const PATIENT = 60_000;

describe('Turnstile', () => {
  it('lets so many in at once, and the next when one has left, in their order', async () => {
    const turnstile = new Turnstile(2, PATIENT);
    const leave: (() => void)[] = [];
    const began: number[] = [];
    const all = [0, 1, 2, 3].map((task) =>
      turnstile.run(() => {
        began.push(task);
        return new Promise<number>((resolve) => leave.push(() => resolve(task)));
      }),
    );
    expect(began).to.deep.equal([0, 1]);
    leave[1]?.();
    await until(() => began.length === 3);
    for (const task of [0, 2]) leave[task]?.();
    await until(() => began.length === 4);
    leave[3]?.();
    expect(await Promise.all(all)).to.deep.equal([0, 1, 2, 3]);
    expect(began).to.deep.equal([0, 1, 2, 3]);
  });

  it('does not keep others waiting for one that hangs', async () => {
    const turnstile = new Turnstile(1, 5);
    void turnstile.run(() => new Promise(() => {}));
    expect(await turnstile.run(async () => 'went')).to.equal('went');
  });

  it('passes on what a task fails with, and lets the next in', async () => {
    const turnstile = new Turnstile(1, PATIENT);
    const error = await turnstile
      .run(() => Promise.reject(new Error('no')))
      .catch((caught: Error) => caught.message);
    expect(error).to.equal('no');
    expect(await turnstile.run(async () => 1)).to.equal(1);
  });
});
