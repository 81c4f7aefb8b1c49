import { expect } from 'chai';
import type { HostFacts } from '../../src/compiler/facts.js';
import type { Setting } from '../../src/compiler/plan.js';
import { verifyPlan } from '../../src/compiler/verify-plan.js';
import { LIMITED_HOSTS } from './limited-hosts.js';
import { compileText, HOST, HOST_V1 } from './support.js';

const CLASSES = `
vm video { match name "video" and user "alice" vcpus 2 task decode 2ms every 40ms }
vm build { match name "build" and user "alice" vcpus 2 }
group batch up to 4 vms { match user "grid" vcpus 1 }
group lent = build, batch
`;

/** What each sentence comes to, by the words that a row of the table has for it. */
const SENTENCES = {
  reserve: 'reserve video 10ms every 100ms',
  window: 'reserve video 10ms in any 100ms',
  tasks: 'reserve video for its tasks',
  guarantee: 'guarantee build 1 core',
  share: 'share cpu among build 3, batch 1',
  keep: 'keep 1 core for owner',
  yield: 'yield batch',
  limit: 'limit lent to 2 cores',
  each: 'limit each batch to 0.5 cores',
  run: 'run batch 200ms every 1s',
} as const;

type Row = { readonly [S in keyof typeof SENTENCES]: string };

const FULL: Row = {
  reserve: 'reservation hard',
  window: 'reservation hard',
  tasks: 'reservation hard',
  guarantee: 'share best-effort',
  share: 'share best-effort',
  keep: 'share best-effort',
  yield: 'idle share best-effort',
  limit: 'quota bounded',
  each: 'quota bounded',
  run: 'duty bounded',
};

const BY_NICE = {
  guarantee: 'share by nice best-effort',
  share: 'share by nice best-effort',
  keep: 'share by nice best-effort',
  yield: 'idle share by nice best-effort',
} as const;

const TURNS = {
  guarantee: 'turns best-effort',
  share: 'turns best-effort',
  keep: 'turns best-effort',
} as const;
const ELEVATED = {
  reserve: 'elevated duty bounded',
  window: 'elevated duty bounded',
  tasks: 'elevated duty bounded',
};
const REFUSED = { reserve: 'VMC5002', window: 'VMC5002', tasks: 'VMC5002' } as const;

/** Section 1 of the analysis: what keeps which sentence on which host, and how well. */
const TABLE: readonly (readonly [string, HostFacts, Row])[] = [
  ['it can do everything', HOST, FULL],
  ['it has cgroup v1', HOST_V1, FULL],
  [
    'no precise deadline timers',
    LIMITED_HOSTS['no precise deadline timers'],
    // Budgets of two ticks and more are kept exactly; what windows and tasks come to here is less.
    { ...FULL, window: 'reservation bounded', tasks: 'reservation bounded' },
  ],
  ['no cpusets', LIMITED_HOSTS['no cpusets'], FULL],
  // The thread that stops guests has no server there, and is punctual by its priority.
  ['no deadline class', LIMITED_HOSTS['no deadline class'], { ...FULL, ...ELEVATED }],
  [
    'no deadline class, nor real-time priority',
    LIMITED_HOSTS['no deadline class, nor real-time priority'],
    { ...FULL, ...REFUSED, run: 'duty best-effort' },
  ],
  [
    'guests stay where they are',
    LIMITED_HOSTS['guests stay where they are'],
    {
      ...FULL,
      guarantee: 'turns best-effort',
      share: 'quota bounded',
      keep: 'quota bounded',
      yield: 'VMC5002',
    },
  ],
  [
    'no cgroups',
    LIMITED_HOSTS['no cgroups'],
    {
      ...FULL,
      ...BY_NICE,
      // Threads cannot be placed there: several may be late by the others' overruns.
      reserve: 'reservation bounded',
      window: 'reservation bounded',
      tasks: 'reservation bounded',
      limit: 'duty bounded',
      each: 'duty bounded',
    },
  ],
  [
    'no cgroups, no deadline class, no weights',
    LIMITED_HOSTS['no cgroups, no deadline class, no cgroup weights by nice'],
    { ...FULL, ...TURNS, ...ELEVATED, yield: 'VMC5002', limit: 'duty bounded', each: 'duty bounded' },
  ],
  [
    'no privileges',
    LIMITED_HOSTS['no privileges'],
    {
      ...FULL,
      ...REFUSED,
      ...BY_NICE,
      limit: 'duty best-effort',
      each: 'duty best-effort',
      run: 'duty best-effort',
    },
  ],
  [
    'no privileges, no autogroups',
    LIMITED_HOSTS['no privileges, no autogroups'],
    {
      ...FULL,
      ...REFUSED,
      ...TURNS,
      yield: 'VMC5002',
      limit: 'duty best-effort',
      each: 'duty best-effort',
      run: 'duty best-effort',
    },
  ],
];

function kindOf(setting: Setting): string {
  const { kind } = setting.fidelity;
  if (setting.mechanism === 'share')
    return `${setting.idle ? 'idle ' : ''}share${setting.nice === undefined ? '' : ' by nice'} ${kind}`;
  if (setting.mechanism !== 'duty') return `${setting.mechanism} ${kind}`;
  if (setting.elevated) return `elevated duty ${kind}`;
  return setting.fidelity.note?.includes('takes turns') ? `turns ${kind}` : `duty ${kind}`;
}

/** How a sentence is kept: that of its settings which are not there for another one's sake. */
function kept(sentence: string, facts: HostFacts): string {
  const { plan, diagnostics } = compileText(CLASSES + sentence, facts);
  if (plan === null)
    return diagnostics
      .filter(({ severity }) => severity === 'error')
      .map(({ code }) => code)
      .join();
  expect(verifyPlan(plan)).to.deep.equal([]);
  const cited = plan.schedules[0]!.settings.filter(({ because }) =>
    because.some((one) => one.sentence === sentence),
  );
  // Of the owner's part itself nothing is set: it is what the weights of guests leave.
  const own = cited.filter(({ subject }) => subject !== 'guests' && subject !== 'owner');
  const setting = own.length > 0 ? own : cited;
  const kinds = new Set(setting.map(kindOf));
  return [...kinds].join(' + ');
}

describe('what keeps each sentence, and how well', () => {
  for (const [name, facts, row] of TABLE) {
    it(`on a host: ${name}`, () => {
      const found = Object.fromEntries(
        Object.entries(SENTENCES).map(([word, sentence]) => [word, kept(sentence, facts)]),
      );
      expect(found).to.deep.equal(row);
    });
  }
});
