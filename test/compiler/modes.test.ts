import { expect } from 'chai';
import fc from 'fast-check';
import type { ConditionTable } from '../../src/compiler/modes/condition-table.js';
import { reachableModes } from '../../src/compiler/modes/modes.js';
import { evaluate } from '../../src/compiler/modes/truth.js';
import type { Atom, Expression, Truth } from '../../src/compiler/plan.js';
import { compileText, HOST, planOf } from './support.js';

const ATOMS: readonly Atom[] = ['a', 'b', 'c', 'd'].map((name, index) =>
  index < 2 ? { id: name, kind: 'switch', name } : { id: name, kind: 'signal', signal: name },
);
const range = (atom: Atom): readonly Truth[] =>
  atom.kind === 'switch' ? [true, false] : [true, false, 'unknown'];

const expression: fc.Arbitrary<Expression> = fc.letrec<{ any: Expression }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(...ATOMS).map(({ id }): Expression => ({ op: 'atom', atom: id })),
    fc.boolean().map((value): Expression => ({ op: 'constant', value })),
    tie('any').map((operand): Expression => ({ op: 'not', operand })),
    fc.tuple(tie('any'), tie('any')).map(([left, right]): Expression => ({ op: 'and', left, right })),
    fc.tuple(tie('any'), tie('any')).map(([left, right]): Expression => ({ op: 'or', left, right })),
    fc
      .tuple(tie('any'), fc.boolean())
      .map(([operand, value]): Expression => ({ op: 'assuming', operand, value })),
  ),
})).any;

const tableOf = (expressions: readonly Expression[]): ConditionTable => ({
  atoms: ATOMS,
  conditions: expressions.map((one, index) => ({ id: `c${index}`, text: `c${index}`, expression: one })),
  guards: [],
});

function bruteForce(expressions: readonly Expression[]): readonly string[] {
  const vectors = new Set<string>();
  const assign = (rest: readonly Atom[], values: ReadonlyMap<string, Truth>): void => {
    const [atom, ...others] = rest;
    if (!atom) vectors.add(JSON.stringify(expressions.map((one) => evaluate(one, (id) => values.get(id)))));
    else for (const value of range(atom)) assign(others, new Map([...values, [atom.id, value]]));
  };
  assign(ATOMS, new Map());
  return [...vectors].sort();
}

describe('reachable modes', () => {
  it('are the vectors that an enumeration of all atom values gives', () => {
    fc.assert(
      fc.property(fc.array(expression, { minLength: 1, maxLength: 4 }), (expressions) => {
        const result = reachableModes(tableOf(expressions), 'UTC', range);
        if (!result.ok) throw new Error('too many');
        expect(result.modes.map(({ values }) => JSON.stringify(values)).sort()).to.deep.equal(
          bruteForce(expressions),
        );
      }),
    );
  });

  it('of one condition over sixty signals are three', () => {
    const names = Array.from({ length: 60 }, (_, index) => `s${index}`);
    const atoms = names.map((name): Atom => ({ id: name, kind: 'signal', signal: name }));
    const any = names
      .map((atom): Expression => ({ op: 'atom', atom }))
      .reduce((left, right): Expression => ({ op: 'or', left, right }));
    const result = reachableModes({ ...tableOf([any]), atoms }, 'UTC', range);
    expect(result.ok && result.modes.length).to.equal(3);
  });

  it('number at most 4,096: beyond that the conditions to merge are named', () => {
    const lets = Array.from({ length: 8 }, (_, index) => `let c${index} = owner.demand > ${index + 1}%`);
    const whens = lets.map((_, index) => `when c${index} { pause batch }`);
    const text = ['group batch up to 2 vms { match user "g" vcpus 1 }', ...lets, ...whens].join('\n');
    const { plan, diagnostics } = compileText(text);
    expect(plan).to.equal(null);
    expect(diagnostics.map(({ code }) => code)).to.include('VMC3010');
    for (let index = 0; index < 8; index++) {
      expect(diagnostics.find(({ code }) => code === 'VMC3010')?.message).to.include(`c${index}`);
    }
  });

  it('of thousands of conditions do not have to be kept all at once to be refused', () => {
    const names = Array.from({ length: 5000 }, (_, index) => `s${index}`);
    const conditions = names.map((atom): Expression => ({ op: 'atom', atom }));
    const atoms = names.map((name): Atom => ({ id: name, kind: 'switch', name }));
    const before = process.memoryUsage().rss;
    expect(reachableModes({ ...tableOf(conditions), atoms }, 'UTC', range).ok).to.equal(false);
    expect(process.memoryUsage().rss - before).to.be.below(1024 ** 3);
  });

  it('of which each leaves the others as they are stay one, however many signals a host lacks', () => {
    const names = Array.from({ length: 3000 }, (_, index) => `s${index}`);
    const conditions = names.map((atom): Expression => ({ op: 'atom', atom }));
    const atoms = names.map((name): Atom => ({ id: name, kind: 'signal', signal: name }));
    const result = reachableModes({ ...tableOf(conditions), atoms }, 'UTC', () => ['unknown']);
    expect(result.ok && result.modes.length).to.equal(1);
  });
});

const BATCH = 'group batch up to 2 vms { match user "grid" vcpus 1 }\n';

describe('conditions of a plan', () => {
  it('keep the name of their let and are there once, however they are written', () => {
    const plan = planOf(`${BATCH}
      let busy = owner.demand > 60% for 30s until < 40% for 60s
      when owner.demand > 4.8 cores for 30s until < 3.2 cores for 1min { limit batch to 1 core }
      when busy { run batch 200ms every 1s }`);
    expect(plan.conditions.map(({ id }) => id)).to.deep.equal(['busy']);
    expect(plan.atoms).to.have.length(1);
    expect(plan.modes.map(({ when }) => when['busy'])).to.deep.equal([true, false, 'unknown']);
  });

  it('that are switches are never unknown', () => {
    const plan = planOf(`${BATCH}switch gaming\nwhen gaming { pause batch }`);
    expect(plan.modes.map(({ when }) => when['gaming'])).to.deep.equal([true, false]);
    expect(plan.modes.map(({ id }) => id)).to.deep.equal(['gaming', 'not gaming']);
  });

  it('on a signal that the host lacks are unknown only, and the owner is told', () => {
    const { plan, diagnostics } = compileText(`${BATCH}when host.temperature > 80 C { pause batch }`);
    expect(plan?.modes.map(({ when }) => Object.values(when))).to.deep.equal([['unknown']]);
    expect(diagnostics.map(({ code }) => code)).to.include('VMC5001');
  });

  it('on calendars occur only in combinations that the calendar has, each with an instant', () => {
    const plan = planOf(`${BATCH}
      let office = weekdays 09:00-17:00
      let morning = weekdays 09:00-12:00
      when office { limit batch to 1 core }
      when morning { pause batch }`);
    const combinations = plan.modes.map(({ when }) => [when['office'], when['morning']]);
    expect(combinations).to.deep.equal([
      [true, true],
      [true, false],
      [false, false],
    ]);
    expect(plan.modes[0]?.example).to.match(/^\d{4}-\d\d-\d\dT09:00:00\+\d\d:00\[Europe\/Berlin\]$/);
  });

  it('in an unknown zone are refused', () => {
    const { diagnostics } = compileText(`${BATCH}when weekends { pause batch }`, {
      ...HOST,
      timezone: 'Mars/Olympus',
    });
    expect(diagnostics.map(({ code }) => code)).to.deep.equal(['VMC5006']);
  });
});
