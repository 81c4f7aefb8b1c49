import { compile } from '../../src/compiler/compile.js';
import type { CompileResult } from '../../src/compiler/compile-model.js';
import type { HostFacts } from '../../src/compiler/facts.js';
import type { Plan, Schedule, Setting, SettingOf } from '../../src/compiler/plan.js';

/** A host that can do everything: eight cores, cgroup v2 under systemd, precise deadline timers. */
export const HOST: HostFacts = {
  cores: 8,
  memoryBytes: 34_359_738_368,
  timezone: 'Europe/Berlin',
  tickNs: 4_000_000,
  hrtickDeadline: true,
  deadlineLimit: 0.95,
  cgroup: { version: 2, cpuset: true, freezer: true, gather: true, ownerAs: 'slices' },
  mechanisms: ['reservation', 'share', 'quota', 'duty', 'freezer', 'placement'],
  sensors: [
    'owner.demand',
    'owner.cpu',
    'host.cpu',
    'host.load',
    'host.on-battery',
    'user.active',
    'user.idle',
  ],
};

/** The same with cgroup v1, where the owner's threads compete one by one. */
export const HOST_V1: HostFacts = {
  ...HOST,
  cgroup: { version: 1, cpuset: true, freezer: true, gather: true, ownerAs: 'threads' },
};

export const CLASSES = `
vm video { match name "video" and user "alice" vcpus 2 }
vm build { match name "build" and user "alice" vcpus 4 }
group batch up to 4 vms { match user "grid" vcpus 1 }
group lent = build, batch
`;

/** Without the language's advice: that some class is not used, say. */
export function compileText(text: string, facts: HostFacts = HOST): CompileResult {
  const { plan, diagnostics } = compile({ file: 'test.vmc', text }, facts);
  return { plan, diagnostics: diagnostics.filter(({ code }) => !code.startsWith('VMC6')) };
}

/** The plan of a policy that must have no errors. */
export function planOf(text: string, facts: HostFacts = HOST): Plan {
  const { plan, diagnostics } = compileText(text, facts);
  if (plan === null) throw new Error(diagnostics.map(({ code, message }) => `${code} ${message}`).join('\n'));
  return plan;
}

export const codesOf = (text: string, facts: HostFacts = HOST): string[] =>
  compileText(text, facts)
    .diagnostics.filter(({ severity }) => severity === 'error')
    .map(({ code }) => code);

/** The schedule of the mode in which conditions have these values (the only one, without conditions). */
export function scheduleIn(plan: Plan, when: Record<string, boolean | 'unknown'> = {}): Schedule {
  const mode = plan.modes.find((one) => Object.entries(when).every(([id, value]) => one.when[id] === value));
  const schedule = plan.schedules.find(({ id }) => id === mode?.schedule);
  if (!schedule)
    throw new Error(
      `no mode with ${JSON.stringify(when)} among ${plan.modes.map(({ id }) => id).join('; ')}`,
    );
  return schedule;
}

export function settingOf<M extends Setting['mechanism']>(
  schedule: Schedule,
  name: string,
  mechanism: M,
): SettingOf<M> | undefined {
  return schedule.settings.find(
    (one): one is SettingOf<M> & Setting => one.class === name && one.mechanism === mechanism,
  );
}
