import { readFileSync } from 'node:fs';
import { Value } from '@sinclair/typebox/value';
import { expect } from 'chai';
import fc from 'fast-check';
import type { HostFacts } from '../../src/compiler/facts.js';
import type { Plan } from '../../src/compiler/plan.js';
import { PlanSchema } from '../../src/compiler/plan-schema.js';
import { renderPlan } from '../../src/compiler/render/render-plan.js';
import { serialisePlan } from '../../src/compiler/serialise-plan.js';
import { verifyPlan } from '../../src/compiler/verify-plan.js';
import { simulateEdf } from './edf-simulation.js';
import { LIMITED_HOSTS } from './limited-hosts.js';
import { somePolicy } from './some-policy.js';
import { CLASSES, codesOf, compileText, HOST, planOf } from './support.js';

const HOSTS: readonly HostFacts[] = [
  { ...HOST, cores: 4 },
  { ...HOST, mechanisms: ['duty', 'reservation'] },
  ...Object.values(LIMITED_HOSTS),
];

describe('plans of any policy on any host', () => {
  it('are valid under the published schema, are verified, and are the same bytes every time', () => {
    let plans = 0;
    fc.assert(
      fc.property(somePolicy, fc.constantFrom(...HOSTS), (text, facts) => {
        const { plan, diagnostics } = compileText(text, facts);
        expect(plan === null).to.equal(diagnostics.some(({ severity }) => severity === 'error'));
        if (plan === null) return;
        plans++;
        expect(
          [...Value.Errors(PlanSchema, plan)].map(({ path, message }) => `${path} ${message}`),
        ).to.deep.equal([]);
        expect(verifyPlan(plan)).to.deep.equal([]);
        const bytes = serialisePlan(plan);
        expect(serialisePlan(planOf(text, facts))).to.equal(bytes);
        expect(verifyPlan(JSON.parse(bytes))).to.deep.equal([]);
        expect(
          Math.max(
            ...renderPlan(plan)
              .split('\n')
              .map((line) => line.length),
          ),
        ).to.be.at.most(100);
      }),
      { numRuns: 700 },
    );
    expect(plans).to.be.greaterThan(80);
  });

  it('miss no deadline that they call hard in a simulation of EDF', () => {
    let simulated = 0;
    fc.assert(
      fc.property(somePolicy, fc.constantFrom(...HOSTS), (text, facts) => {
        const { plan } = compileText(text, facts);
        for (const schedule of plan?.schedules ?? []) {
          const hard = schedule.settings.some(
            (one) => one.mechanism === 'reservation' && one.fidelity.kind === 'hard',
          );
          if (!hard) continue;
          simulated++;
          const timing = schedule.timing
            ? [{ class: '', member: 0, thread: 'timing', ...schedule.timing }]
            : [];
          const servers = [...schedule.servers, ...timing];
          const jobs = (core: number | null) =>
            servers
              .filter((one) => one.core === core)
              .map(({ budgetNs, periodNs }) => ({
                costNs: BigInt(budgetNs) + 20_000n,
                periodNs: BigInt(periodNs),
              }));
          for (const core of new Set(servers.map((one) => one.core))) {
            const cores = core === null ? Number(facts.cores) : 1;
            expect(simulateEdf(jobs(core), cores).latestNs).to.equal(0n);
          }
        }
      }),
      { numRuns: 300 },
    );
    expect(simulated).to.be.greaterThan(10);
  });

  it('never stop short of a plan or of diagnostics, and never name a mode twice', () => {
    fc.assert(
      fc.property(somePolicy, (text) => {
        const { plan } = compileText(text);
        const ids = plan?.modes.map(({ id }) => id) ?? [];
        expect(new Set(ids).size).to.equal(ids.length);
      }),
      { numRuns: 100 },
    );
  });
});

describe('a plan', () => {
  it('that would cite millions of sentences is refused', () => {
    const count = 1100;
    const names = Array.from({ length: count }, (_, n) => `v${n}`);
    const classes = names.map((name) => `vm ${name} { match name "${name}" and user "alice" vcpus 1 }\n`);
    const chain = names.slice(1).map((name, n) => `share cpu among v${n} 1, ${name} 2\n`);
    const codes = codesOf(
      [
        ...classes,
        ...chain.map((one, n) => (n % 2 ? one.replace('1,', '2,').replace(/ 2$/m, ' 1') : one)),
      ].join(''),
    );
    expect(codes).to.deep.equal(['VMC4011']);
  });

  const plan = () =>
    planOf(`${CLASSES}
      switch gaming
      keep 1 core for owner
      reserve video 10ms every 40ms
      guarantee build 2 cores
      share cpu among build 3, batch 1
      limit guests to 6 cores
      when gaming { run batch 200ms every 1s } otherwise { limit batch to 1.5 cores by duty }`);

  it('names the sentence, the file and the place that each setting follows from', () => {
    const [setting] =
      plan().schedules[0]?.settings.filter(({ mechanism }) => mechanism === 'reservation') ?? [];
    expect(setting?.because.map(({ sentence, file }) => [sentence, file])).to.deep.equal([
      ['reserve video 10ms every 40ms', 'test.vmc'],
    ]);
    expect(setting?.because[0]?.range.start.line).to.equal(9);
  });

  it('is named after its file and carries the digest of its text', () => {
    expect(plan().policy.name).to.equal('test');
    expect(plan().policy.digest).to.match(/^[0-9a-f]{64}$/);
  });

  it('starts with its version', () => {
    expect(serialisePlan(plan()).startsWith('{\n  "planVersion": 1,')).to.equal(true);
  });

  it('gives a class that is called like a built-in subject another name than that', () => {
    const odd = planOf(
      'vm "guests" { match user "u" vcpus 1 }\nlimit "guests" to 0.5 cores\nlimit guests to 2 cores',
    );
    expect(odd.classes.map(({ name }) => name)).to.deep.equal(['"guests"']);
    expect(odd.schedules[0]?.settings.map((one) => [one.class, one.subject])).to.deep.equal([
      ['guests', 'guests'],
      ['"guests"', 'class'],
    ]);
  });

  it('keeps a class called host apart from the host, and one with quotes in its name from a built-in set', () => {
    const odd = planOf(
      'vm "host" { match user "u" vcpus 1 }\nvm "\\"guests\\"" { match user "v" vcpus 1 }\n' +
        'vm "guests" { match user "w" vcpus 1 }\nlimit "host" to 0.5 cores\nshare cpu among "host" 1, others 2',
    );
    expect(odd.classes.map(({ name }) => name)).to.deep.equal(['"host"', '"\\"guests\\""', '"guests"']);
    expect(verifyPlan(odd)).to.deep.equal([]);
  });

  it('has one mode and one empty schedule when nothing is asked for', () => {
    const empty = planOf(CLASSES);
    expect(empty.modes.map(({ id, example }) => [id, example])).to.deep.equal([['always', null]]);
    expect(empty.schedules[0]?.settings).to.deep.equal([]);
    expect(verifyPlan(empty)).to.deep.equal([]);
  });
});

describe('verify', () => {
  const TEXT = `${CLASSES}
    switch gaming
    keep 1 core for owner
    reserve video 10ms every 40ms
    guarantee build 2 cores
    share cpu among build 3, batch 1
    when gaming { run batch 200ms every 1s } otherwise { limit batch to 1.5 cores by duty  reserve video 12ms every 40ms }`;

  type Tampering = readonly [name: string, change: (plan: Plan) => void];
  const first = (plan: Plan) => plan.schedules[0] as Plan['schedules'][number];
  const proof = (plan: Plan) => plan.certificate.schedules[0] as Plan['certificate']['schedules'][number];
  const cores = (plan: Plan) => {
    const { reservations } = proof(plan);
    if (reservations.test !== 'partitioned-edf') throw new Error(reservations.test);
    return reservations.cores;
  };
  const busy = (plan: Plan) =>
    cores(plan).find(({ servers }) => servers.length > 0) as ReturnType<typeof cores>[number];
  const idle = (plan: Plan) =>
    cores(plan).find(({ servers }) => servers.length === 0) as ReturnType<typeof cores>[number];
  const twice = (fraction: string) => {
    const [numerator, denominator] = fraction.split('/');
    return [2 * Number(numerator), ...(denominator ? [denominator] : [])].join('/');
  };
  const tamperings: readonly Tampering[] = [
    [
      'a larger budget',
      (plan) => {
        for (const server of first(plan).servers) server.budgetNs = 39_000_000;
      },
    ],
    ['a server that is gone', (plan) => first(plan).servers.pop()],
    ['a server on another core', (plan) => Object.assign(first(plan).servers[0] ?? {}, { core: 3 })],
    ['a wrong sum', (plan) => Object.assign(busy(plan), { utilisation: '1/2' })],
    ['a wrong limit', (plan) => Object.assign(busy(plan), { limit: '2' })],
    ['a host with less room', (plan) => Object.assign(plan, { host: { ...plan.host, deadlineLimit: 0.5 } })],
    ['a server left out of the sums', (plan) => busy(plan).servers.pop()],
    [
      'a timing thread that moved',
      (plan) => Object.assign(first(plan), { timing: { core: 2, budgetNs: 900_000, periodNs: 1_000_000 } }),
    ],
    ['no proof', (plan) => plan.certificate.schedules.pop()],
    ['a proof of nothing', (plan) => Object.assign(proof(plan), { reservations: { test: 'none' } })],
    ['a weight', (plan) => Object.assign(proof(plan).shares.at(-1)?.children[0] ?? {}, { weight: 1 })],
    [
      'a weight that is set but not proved',
      (plan) => {
        const share = first(plan).settings.find((one) => one.mechanism === 'share' && one.class === 'build');
        Object.assign(share ?? {}, { weight: 7 });
      },
    ],
    [
      'a guaranteed part',
      (plan) => Object.assign(proof(plan).shares.at(-1)?.children[0] ?? {}, { guaranteedCores: '7' }),
    ],
    [
      'a higher floor',
      (plan) => {
        for (const { children } of proof(plan).shares)
          for (const child of children) if (child.class === 'build') child.floorCores = '6';
      },
    ],
    [
      'a larger host to divide',
      (plan) => {
        for (const one of proof(plan).shares) {
          one.availableCores = twice(one.availableCores);
          for (const child of one.children) child.guaranteedCores = twice(child.guaranteedCores);
        }
      },
    ],
    [
      'a core counted twice',
      (plan) => {
        const { reservations } = proof(plan);
        if (reservations.test === 'partitioned-edf')
          reservations.cores.push({ ...busy(plan), servers: [], utilisation: '0' });
      },
    ],
    ['a core that the host lacks', (plan) => Object.assign(idle(plan), { core: 99 })],
    ['more to divide', (plan) => Object.assign(proof(plan).shares.at(-1) ?? {}, { availableCores: '8' })],
    [
      'a shorter window',
      (plan) => Object.assign(first(plan).timetable?.windows[0] ?? {}, { endNs: 1_000_000 }),
    ],
    [
      'a window counted twice',
      (plan) => {
        const { timetable } = first(plan);
        if (timetable === null) throw new Error('no timetable');
        timetable.windows = timetable.windows.flatMap((window) => {
          const half = { ...window, endNs: (window.startNs + window.endNs) / 2 };
          return [half, half];
        });
      },
    ],
    [
      'a duty cycle that is gone',
      (plan) => {
        first(plan).settings = first(plan).settings.filter(({ mechanism }) => mechanism !== 'duty');
      },
    ],
    [
      'a gap that is too short',
      (plan) => {
        for (const { mechanism, fidelity } of first(plan).settings)
          if (mechanism === 'reservation') fidelity.worstGapNs = 1;
      },
    ],
    ['a window that is gone', (plan) => first(plan).timetable?.windows.pop()],
    [
      'all guests at once',
      (plan) => {
        for (const { timetable } of plan.schedules)
          if (timetable?.ceilings) timetable.ceilings = [{ classes: ['batch'], vcpus: 1 }];
      },
    ],
    ['a mode without its schedule', (plan) => Object.assign(plan.modes[0] ?? {}, { schedule: 's9' })],
    ['two modes alike', (plan) => Object.assign(plan.modes[1] ?? {}, { when: plan.modes[0]?.when })],
    ['an unknown version', (plan) => Object.assign(plan, { planVersion: 2 })],
    ['a sum that is no fraction', (plan) => Object.assign(busy(plan), { utilisation: 'much' })],
    [
      'an owner that lost its cores',
      (plan) => {
        const full = [...first(plan).servers.keys()];
        for (const [index, server] of first(plan).servers.entries()) server.core = index % 8;
        Object.assign(proof(plan).reservations, {
          cores: full.map((index) => ({ ...busy(plan), core: index % 8, servers: [index] })),
        });
      },
    ],
  ];

  it('accepts the plan as compiled', () => {
    expect(verifyPlan(planOf(TEXT))).to.deep.equal([]);
  });
  for (const [name, change] of tamperings) {
    it(`finds ${name}`, () => {
      const plan = planOf(TEXT);
      change(plan);
      expect(verifyPlan(plan)).not.to.deep.equal([]);
    });
  }

  it('finds servers beside their placement, and memory that is promised twice', () => {
    const text = `${CLASSES}
      reserve video 5ms every 20ms
      place video on cores 2-3
      keep 8 GiB memory for owner
      guarantee each batch 5 GiB memory
      limit each batch to 6 GiB memory`;
    const memory = (plan: Plan, name: string) =>
      first(plan).settings.find((one) => one.class === name && one.mechanism === 'memory') ?? {};
    expect(verifyPlan(planOf(text))).to.deep.equal([]);
    for (const [change, problem] of [
      [
        (plan: Plan) =>
          Object.assign(first(plan).settings.find(({ mechanism }) => mechanism === 'placement') ?? {}, {
            cores: [0],
          }),
        'not on a core that it is placed on',
      ],
      [
        (plan: Plan) => Object.assign(memory(plan, 'batch'), { ceilingBytes: 2 ** 30 }),
        'more memory than it may have',
      ],
      [
        (plan: Plan) => Object.assign(memory(plan, 'owner'), { floorBytes: 13 * 2 ** 30 }),
        'more memory is promised',
      ],
    ] as const) {
      const plan = planOf(text);
      change(plan);
      expect(verifyPlan(plan).join()).to.include(problem);
    }
  });

  it('finds a direct change that is not safe at once', () => {
    const plan = planOf(
      `${CLASSES}switch a\nwhen a { reserve video 80ms every 100ms } otherwise { reserve batch 30ms every 100ms }`,
      { ...HOST, cores: 2 },
    );
    for (const transition of plan.transitions) transition.steps = 'direct';
    expect(verifyPlan(plan).join()).to.include('not safe at once');
  });

  it('re-checks the global tests as well', () => {
    const facts: HostFacts = { ...HOST, cores: 2, cgroup: { ...HOST.cgroup, cpuset: false } };
    for (const [sentence, test] of [
      ['reserve video 5ms every 100ms', 'gfb'],
      ['reserve video 70ms every 100ms', 'devi-anderson'],
    ] as const) {
      const plan = planOf(CLASSES + sentence, facts);
      const { reservations } = proof(plan);
      expect(reservations.test).to.equal(test);
      expect(verifyPlan(plan)).to.deep.equal([]);
      Object.assign(reservations, { cores: 4 });
      expect(verifyPlan(plan).join()).to.include('does not have 4 cores');
      Object.assign(reservations, { cores: 2 }, test === 'gfb' ? { sum: '0' } : { tardinessNs: 1 });
      expect(verifyPlan(plan)).not.to.deep.equal([]);
    }
  });
});

describe('the published schema of plans', () => {
  it('is the one that the types come from', () => {
    const file = new URL('../../schemas/plan.schema.json', import.meta.url);
    const { $schema, ...published } = JSON.parse(readFileSync(file, 'utf8'));
    expect($schema).to.be.a('string');
    expect(published).to.deep.equal(JSON.parse(JSON.stringify(PlanSchema)));
  });
});

describe('the page of a plan', () => {
  const page = renderPlan(
    planOf(`${CLASSES}
      ignore match name "emulator" and user "alice"
      signal price number
      switch away
      keep 8 GiB memory for owner
      limit each batch to 2 GiB memory and 20 MB/s disk and 500 iops disk and 10 Mbit/s network
      limit batch to 90% of cpu - owner.cpu between 10% and 50% of cpu
      place build on cores 2-3
      when away { offer 2 vms small { vcpus 1 memory 2 GiB } }
      when price > 30 { yield batch  stop build within 5min }
      budget each batch 20 core-hours per day then pause`),
  );
  const lines = page.split('\n').map((line) => line.trim());

  it('begins with what is declared beside the schedules', () => {
    expect(lines).to.include.members([
      'Budget: each guest of batch 20 core-hours per day, then paused',
      'Left alone: guests with name "emulator" and user "alice"',
      'Pushed from outside: price',
    ]);
    expect(page).to.match(/Offer: 2 small with 1 vCPU and 2 GiB of memory, in \d+ of \d+ modes/);
  });

  it('shows settings of every kind in words', () => {
    const text = page.replace(/\s+/g, ' ');
    for (const words of [
      'owner memory at least 8 GiB',
      'guests memory at most 24 GiB',
      'at most 7.2 cores less owner.cpu, between 0.8 and 4 cores, counted every 100ms',
      'build placement only on cores 2-3',
      'build stop powered down, and ended after 5min',
      'batch share runs only when nothing else wants the CPU',
      'batch memory at most 2 GiB for each guest',
      'batch disk at most 20 MB/s and 500 operations a second for each guest',
      'batch network at most 1.25 MB/s in each direction for each guest',
    ]) {
      expect(text).to.include(words);
    }
  });

  it('says when each schedule applies, and what all have in common only once', () => {
    const text = renderPlan(
      planOf(`${CLASSES}
        let office = weekdays 09:00-17:00
        switch away
        keep 1 core for owner
        when office and not away { limit batch to 2 cores }
        when away { pause video }
        when office { pause video }`),
      { width: 300 },
    );
    expect(text.match(/from "keep 1 core for owner"/g)).to.have.lengthOf(2);
    expect(text.indexOf('In every schedule')).to.be.lessThan(text.indexOf('\nSchedule'));
    expect(text)
      .to.match(/\n {2}when office and not away\n/)
      .and.not.match(/mode-[0-9a-f]{12}/);
    expect(text).to.match(/Schedule s\d, in \d of \d modes, for example at Mon \d{4}-\d\d-\d\d 09:00/);
  });

  it('shows schedules that set the same, for other sentences, as one that names them all', () => {
    const text = renderPlan(
      planOf(`${CLASSES} switch a switch b when a { pause batch } when b { pause batch }`),
      { width: 300 },
    );
    expect(text).to.match(/Schedules s1, s2 and s3, in 3 of 4 modes\n {2}when [ab]\n {4}or [ab]\n/);
    expect(text).to.match(/from "pause batch" \(line \d+\), "pause batch" \(line \d+\)\n/);
  });

  it('gives sizes in the unit in which they are written', () => {
    const limits = 'limit each batch to 2 GiB memory and 20 MB/s disk';
    expect(renderPlan(planOf(CLASSES + limits)))
      .to.include('at most 2 GiB')
      .and.include('at most 20 MB/s');
  });
});
