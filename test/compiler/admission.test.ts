import { expect } from 'chai';
import fc from 'fast-check';
import { effectiveHost } from '../../src/compiler/effective-host.js';
import { sum } from '../../src/compiler/exact.js';
import { admitAll, admitOne } from '../../src/compiler/reservations/admission.js';
import { globalEdf } from '../../src/compiler/reservations/global-edf.js';
import { partition } from '../../src/compiler/reservations/partition.js';
import { type ServerDemand, server as serverOf } from '../../src/compiler/reservations/server-demand.js';
import { compare, ONE, parseDecimal, rational, ZERO } from '../../src/support/rational.js';
import { simulateEdf } from './edf-simulation.js';
import { CLASSES, compileText, HOST } from './support.js';

/** What context switches cost unless facts say otherwise. */
const SWITCHES_NS = 20_000n;
const NO_DECLARATION = { cores: null, memoryBytes: null, timezone: null, mechanisms: null, place: null };
const hostWith = (cores: number, deadlineLimit: number, cpuset = true) =>
  effectiveHost({ ...HOST, cores, deadlineLimit, cgroup: { ...HOST.cgroup, cpuset } }, NO_DECLARATION);

/** Servers with periods that keep hyperperiods short. */
const server = fc
  .tuple(fc.constantFrom(2n, 4n, 5n, 8n, 10n, 20n), fc.integer({ min: 1, max: 95 }))
  .map(([periodMs, percent]) => ({
    periodNs: periodMs * 1_000_000n,
    budgetNs: (periodMs * 1_000_000n * BigInt(percent)) / 100n,
  }));
const serverSet = (most: number) =>
  fc.array(server, { minLength: 1, maxLength: most }).map((all) => all.map(named));

function named({ budgetNs, periodNs }: { budgetNs: bigint; periodNs: bigint }, index: number): ServerDemand {
  return serverOf(
    { class: 'c', member: index, thread: 'vcpu 0', budgetNs, periodNs, cores: null },
    { contextSwitchesNs: SWITCHES_NS },
  );
}

const asJob = ({ budgetNs, periodNs }: ServerDemand) => ({
  costNs: budgetNs + SWITCHES_NS,
  periodNs,
});

describe('partition', () => {
  it('finds a placement exactly when a search through all of them does', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 7 });
    const capacities = fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(sizes, capacities, (plainSizes, plainCapacities) => {
        const problem = { sizes: plainSizes.map(BigInt), capacities: plainCapacities.map(BigInt) };
        const result = partition(problem);
        expect(result.fits).to.equal(someAssignmentFits(plainSizes, plainCapacities));
        if (result.fits) expect(overloaded(plainSizes, plainCapacities, result.placement)).to.equal(false);
        else expect(result.proof).to.equal(true);
      }),
      { numRuns: 400 },
    );
  });

  it('packs: what is left stays in whole cores', () => {
    const result = partition({ sizes: [40n, 30n, 20n], capacities: [95n, 95n, 95n] });
    expect(result.fits && new Set(result.placement).size).to.equal(1);
  });

  it('says that a refusal is no proof when there are too many servers to try all placements', () => {
    const result = partition({
      sizes: Array.from({ length: 25 }, () => 34n),
      capacities: Array.from({ length: 12 }, () => 99n),
    });
    expect(result).to.deep.equal({ fits: false, proof: false });
  });
});

function someAssignmentFits(sizes: readonly number[], capacities: readonly number[]): boolean {
  const [size, ...rest] = sizes;
  if (size === undefined) return true;
  return capacities.some(
    (room, core) =>
      room >= size &&
      someAssignmentFits(
        rest,
        capacities.map((one, index) => (index === core ? one - size : one)),
      ),
  );
}

function overloaded(
  sizes: readonly number[],
  capacities: readonly number[],
  placement: readonly number[],
): boolean {
  return capacities.some(
    (room, core) =>
      sizes.reduce((total, size, item) => total + (placement[item] === core ? size : 0), 0) > room,
  );
}

describe('admission to cores', () => {
  it('on one core refuses exactly the sets whose sum exceeds the limit', () => {
    const host = hostWith(1, 0.95);
    fc.assert(
      fc.property(serverSet(4), (servers) => {
        const total = sum(servers.map(({ utilisation }) => utilisation));
        const result = admitOne({ servers, keep: ZERO }, host);
        expect(result.ok).to.equal(compare(total, parseDecimal('0.95')) <= 0);
        if (!result.ok) expect(result.proof).to.equal(true);
      }),
    );
  });

  it('never admits what misses a deadline in a simulation of EDF, core by core', () => {
    const host = hostWith(3, 1);
    let admitted = 0;
    fc.assert(
      fc.property(serverSet(8), (servers) => {
        const result = admitOne({ servers, keep: ZERO }, host);
        if (!result.ok || result.test !== 'partitioned-edf') return;
        admitted++;
        for (const core of host.coreIds) {
          const own = servers.filter(({ key }) => result.placement.get(key) === core);
          expect(simulateEdf(own.map(asJob), 1).latestNs).to.equal(0n);
        }
      }),
      { numRuns: 150 },
    );
    expect(admitted).to.be.greaterThan(20);
  });

  it('leaves the whole cores that are kept for the owner without any server, and one more with room for the rest', () => {
    const host = hostWith(4, 0.95);
    fc.assert(
      fc.property(serverSet(6), fc.integer({ min: 0, max: 16 }), (servers, quarters) => {
        const result = admitOne({ servers, keep: rational(BigInt(quarters), 4n) }, host);
        if (!result.ok || result.test !== 'partitioned-edf') return;
        const whole = Math.floor(quarters / 4);
        for (const core of host.coreIds.slice(0, whole)) {
          expect([...result.placement.values()]).not.to.include(core);
        }
        const partial = servers.filter(({ key }) => result.placement.get(key) === host.coreIds[whole]);
        const used = sum(partial.map(({ utilisation }) => utilisation));
        expect(compare(used, rational(4n - BigInt(quarters % 4), 4n))).to.be.at.most(0);
      }),
    );
  });

  it('keeps every server on its core across cases that fit together', () => {
    const host = hostWith(2, 0.95);
    const small = [named({ budgetNs: 2_000_000n, periodNs: 10_000_000n }, 0)];
    const large = [
      named({ budgetNs: 5_000_000n, periodNs: 10_000_000n }, 0),
      named({ budgetNs: 6_000_000n, periodNs: 10_000_000n }, 1),
    ];
    const results = admitAll(
      [
        { servers: small, keep: ZERO },
        { servers: large, keep: ZERO },
      ],
      host,
    );
    const cores = results.map((one) =>
      one.ok && one.test === 'partitioned-edf' ? one.placement.get('c/0/vcpu 0') : null,
    );
    expect(cores[0]).to.equal(cores[1]);
  });
});

describe('admission under global EDF', () => {
  const verdictOf = (servers: readonly ServerDemand[], cores: number) =>
    globalEdf(servers, { cores, perCore: ONE, contextSwitchesNs: SWITCHES_NS });

  it('never calls hard what misses a deadline in a simulation, and never exceeds its tardiness bound', () => {
    const tests = new Map<string, number>();
    fc.assert(
      fc.property(serverSet(7), fc.integer({ min: 1, max: 3 }), (servers, cores) => {
        const verdict = verdictOf(servers, cores);
        if (!verdict) return;
        tests.set(verdict.test, (tests.get(verdict.test) ?? 0) + 1);
        const { latestNs } = simulateEdf(servers.map(asJob), cores);
        expect(latestNs <= verdict.tardinessNs).to.equal(true);
      }),
      { numRuns: 300 },
    );
    expect(tests.get('gfb')).to.be.greaterThan(10);
    expect(tests.get('devi-anderson')).to.be.greaterThan(10);
  });

  it('does not call hard a set that GFB does not cover, although a test for sporadic jobs passes it', () => {
    const set = [
      [12n, 13n],
      [4n, 21n],
      [2n, 10n],
    ].map(([budget = 0n, period = 1n], index) =>
      named({ budgetNs: budget * 1_000_000n, periodNs: period * 1_000_000n }, index),
    );
    expect(verdictOf(set, 2)?.test).to.equal('devi-anderson');
  });

  it('is certain of a refusal: no more than all cores together can be had', () => {
    const { diagnostics } = compileText(`${CLASSES}reserve build 99ms every 100ms`, {
      ...HOST,
      cores: 2,
      cgroup: { ...HOST.cgroup, cpuset: false },
    });
    expect(diagnostics[0]?.message).not.to.include('too many were possible');
  });

  it('is used where threads cannot be placed', () => {
    const result = admitOne(
      { servers: [named({ budgetNs: 1_000_000n, periodNs: 10_000_000n }, 0)], keep: ZERO },
      hostWith(2, 0.95, false),
    );
    expect(result.ok && result.test).to.equal('global-edf');
  });
});
