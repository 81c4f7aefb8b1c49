import { expect } from 'chai';
import fc from 'fast-check';
import { assignTasks } from '../../../src/compiler/interface/assign-tasks.js';
import type { GuestTask } from '../../../src/lang/model.js';
import { task } from './reference.js';

const utilisation = (tasks: readonly GuestTask[]) =>
  tasks.reduce((sum, { costNs, periodNs }) => sum + Number(costNs) / Number(periodNs), 0);
/** As on a whole CPU: the tasks of a vCPU come to no more than 1. */
const fitsWhole = (tasks: readonly GuestTask[]) => utilisation(tasks) <= 1 + 1e-9;

const tasksOf = (most: number) =>
  fc
    .array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: most })
    .map((costs) => costs.map((cost, index) => ({ ...task(cost, 20), name: `t${index}` })));

function someAssignmentFits(tasks: readonly GuestTask[], parts: readonly (readonly GuestTask[])[]): boolean {
  const [first, ...rest] = tasks;
  if (first === undefined) return parts.every(fitsWhole);
  return parts.some((_, at) =>
    someAssignmentFits(
      rest,
      parts.map((one, index) => (index === at ? [...one, first] : one)),
    ),
  );
}

describe('assigning tasks to vCPUs', () => {
  it('finds an assignment exactly when a search through all of them does', () => {
    const outcomes = { found: 0, refused: 0 };
    fc.assert(
      fc.property(tasksOf(7), fc.integer({ min: 1, max: 3 }), (tasks, vcpus) => {
        const result = assignTasks(tasks, vcpus, fitsWhole);
        const exists = someAssignmentFits(
          tasks,
          Array.from({ length: vcpus }, () => []),
        );
        expect(result.ok).to.equal(exists);
        outcomes[result.ok ? 'found' : 'refused']++;
        if (!result.ok) expect(result.proof).to.equal(true);
      }),
      { numRuns: 300 },
    );
    expect(outcomes.found).to.be.greaterThan(30);
    expect(outcomes.refused).to.be.greaterThan(30);
  });

  it('gives every task to one vCPU, on which its tasks fit and stand as they were declared', () => {
    fc.assert(
      fc.property(tasksOf(14), fc.integer({ min: 1, max: 6 }), (tasks, vcpus) => {
        const result = assignTasks(tasks, vcpus, fitsWhole);
        if (!result.ok) return;
        expect(result.vcpus).to.have.lengthOf(vcpus);
        expect(result.vcpus.flat()).to.have.members([...tasks]);
        for (const own of result.vcpus) {
          expect(fitsWhole(own)).to.equal(true);
          expect(own).to.deep.equal(tasks.filter((one) => own.includes(one)));
        }
      }),
    );
  });

  it('takes one vCPU where one is enough', () => {
    const tasks = [task(4, 20), task(9, 20), task(5, 20)];
    expect(assignTasks(tasks, 3, fitsWhole)).to.deep.equal({ ok: true, vcpus: [tasks, [], []] });
  });

  it('finds what first fit does not', () => {
    const tasks = [8, 7, 5, 5, 5].map((cost, index) => ({ ...task(cost, 15), name: `t${index}` }));
    const result = assignTasks(tasks, 2, fitsWhole);
    expect(result.ok && result.vcpus.map((own) => own.map(({ costNs }) => Number(costNs)))).to.deep.equal([
      [8, 7],
      [5, 5, 5],
    ]);
  });

  it('names the tasks that do not fit by themselves', () => {
    const large = { ...task(21, 20), name: 'large' };
    expect(assignTasks([task(1, 20), large], 2, fitsWhole)).to.deep.equal({
      ok: false,
      proof: true,
      alone: [large],
    });
  });

  it('does not call a refusal a proof where there are too many tasks to try every assignment', () => {
    const tasks = Array.from({ length: 11 }, (_, index) => ({ ...task(7, 20), name: `t${index}` }));
    expect(assignTasks(tasks, 5, fitsWhole)).to.deep.equal({ ok: false, proof: false, alone: [] });
    expect(assignTasks(tasks, 1, fitsWhole)).to.deep.equal({ ok: false, proof: true, alone: [] });
  });
});
