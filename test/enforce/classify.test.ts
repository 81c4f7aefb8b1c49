import { expect } from 'chai';
import fc from 'fast-check';
import { type Assignment, classify, NO_ASSIGNMENT } from '../../src/enforce/classify.js';
import type { Guest } from '../../src/qemu/guest.js';
import { group, plan, vm } from './support/plans.js';

function guest(pid: number, parts: Partial<Guest> = {}): Guest {
  const vcpus = [{ index: 0, tid: pid + 1, startTime: 1n }];
  const identity = {
    key: `${pid}-1`,
    pid,
    startTime: BigInt(pid),
    name: null,
    uuid: null,
    user: 'alice',
    uid: 1000,
  };
  const rest = {
    unit: null,
    cgroup: '/',
    commandLine: [],
    hasTerminal: false,
    qmpSockets: [],
    stopped: false,
  };
  return { ...identity, ...rest, vcpus, vcpuSource: 'qmp', ...parts };
}

const placesOf = (result: ReturnType<typeof classify>) =>
  Object.fromEntries(
    result.classified.map((one) => [one.guest.pid, `${one.class ?? 'others'} ${one.member}`]),
  );

describe('classify', () => {
  it('gives a guest to the first class in file order that matches', () => {
    const one = plan({
      classes: [
        { ...group('x', 5), match: [[{ attribute: 'name', pattern: 'build-[0-9]' }]] },
        {
          ...group('y', 5),
          match: [
            [
              { attribute: 'name', pattern: 'build-*' },
              { attribute: 'user', pattern: 'bob' },
            ],
          ],
        },
        {
          ...group('z', 5),
          match: [[{ attribute: 'arg', pattern: '*.qcow2' }], [{ attribute: 'unit', pattern: 'vm@*' }]],
        },
      ],
    });
    const result = classify(one, NO_ASSIGNMENT, [
      guest(1, { name: 'build-1', user: 'bob' }),
      guest(2, { name: 'build-a', user: 'bob' }),
      guest(3, { name: 'build-a' }),
      guest(4, { commandLine: ['qemu', 'disk.qcow2'] }),
      guest(5, { unit: 'vm@7.service' }),
      guest(6),
    ]);
    expect(placesOf(result)).to.deep.equal({
      1: 'x 0',
      2: 'y 0',
      3: 'others 0',
      4: 'z 0',
      5: 'z 1',
      6: 'others 1',
    });
    expect(result.findings).to.deep.equal([]);
  });

  it('puts a guest beyond a class’s number among others, with a finding, until a place is free', () => {
    const one = plan({ classes: [vm('a')] });
    const [first, second] = [guest(1, { name: 'a' }), guest(2, { name: 'a' })];
    const before = classify(one, NO_ASSIGNMENT, [second, first]);
    expect(placesOf(before)).to.deep.equal({ 1: 'a 0', 2: 'others 0' });
    expect(before.findings.map(({ code, subject }) => `${code} ${subject}`)).to.deep.equal([
      'excess-guest 2-1',
    ]);
    const after = classify(one, before.assignment, [second]);
    expect(placesOf(after)).to.deep.equal({ 2: 'a 0' });
    expect(after.findings).to.deep.equal([]);
  });

  it('makes no promise to a guest with more vCPUs than its class declares, and says so', () => {
    const vcpus = [0, 1].map((index) => ({ index, tid: 10 + index, startTime: 1n }));
    const { classified, findings } = classify(plan({ classes: [vm('a', 1)] }), NO_ASSIGNMENT, [
      guest(1, { name: 'a', vcpus }),
    ]);
    expect(classified[0]).to.include({ class: 'a', promised: false });
    expect(findings.map(({ code }) => code)).to.deep.equal(['too-many-vcpus']);
  });

  it('keeps a guest in the class of the cgroup in which it was found, though gathering moves it', () => {
    const one = plan({
      classes: [{ ...vm('a'), match: [[{ attribute: 'cgroup', pattern: '/machine.slice/*' }]] }],
    });
    const found = classify(one, NO_ASSIGNMENT, [guest(1, { cgroup: '/machine.slice/a.scope' })]);
    const moved = classify(one, found.assignment, [guest(1, { cgroup: '/vmc.slice/a/1-1' })]);
    expect(placesOf(moved)).to.deep.equal({ 1: 'a 0' });
  });

  it('leaves alone who is ignored in front of the class that would take it, or of none', () => {
    const one = plan({
      classes: [vm('a'), vm('b')],
      ignored: [
        { beforeClass: 1, match: [{ attribute: 'user', pattern: 'root' }] },
        { beforeClass: 2, match: [{ attribute: 'name', pattern: 'emulator' }] },
      ],
    });
    const result = classify(one, NO_ASSIGNMENT, [
      guest(1, { name: 'a', user: 'root' }),
      guest(2, { name: 'b', user: 'root' }),
      guest(3, { name: 'emulator' }),
      guest(4, { name: 'foreign' }),
    ]);
    expect(placesOf(result)).to.deep.equal({ 1: 'a 0', 4: 'others 0' });
    expect([...result.assignment.keys()]).to.deep.equal(['1-1', '4-1']);
    expect(result.findings).to.deep.equal([]);
  });

  it('never gives a place twice, never moves a member that lives, and does not mind the order of the scan', () => {
    const one = plan({ classes: [vm('a'), group('b', 3)] });
    const names = fc.constantFrom('a', 'b-1', 'b-2', 'foreign');
    const steps = fc.array(fc.uniqueArray(fc.integer({ min: 1, max: 9 }), { maxLength: 9 }), {
      maxLength: 6,
    });
    fc.assert(
      fc.property(fc.array(names, { minLength: 10, maxLength: 10 }), steps, (nameOf, alive) => {
        let assignment: Assignment = NO_ASSIGNMENT;
        let places: Record<string, string> = {};
        for (const pids of alive) {
          const guests = pids.map((pid) => guest(pid, { name: nameOf[pid] ?? null }));
          const result = classify(one, assignment, guests);
          expect(placesOf(classify(one, assignment, [...guests].reverse()))).to.deep.equal(placesOf(result));
          const now = placesOf(result);
          expect(new Set(Object.values(now)).size).to.equal(pids.length);
          for (const [pid, place] of Object.entries(places)) {
            if (pid in now && !place.startsWith('others')) expect(now[pid]).to.equal(place);
          }
          ({ assignment } = result);
          places = now;
        }
      }),
    );
  });
});
