import type { Mode, Plan, Setting } from '../compiler/plan.js';
import { atomsOf } from '../enforce/conditions/condition-states.js';
import { indexPlan, OTHERS, type PlanIndex, scheduleOf } from '../enforce/plan-index.js';
import type { Control, GuestStatus, Status } from '../enforce/status.js';
import { summarise } from '../enforce/summarise.js';
import { type ForecastsNow, limitsBehind } from './forecasts-behind.js';
import type { LiveExplanation } from './live-explanation-schema.js';

/** The word for the mode itself, where no guest or class is so called. */
export const MODE = 'mode';

interface Subject {
  readonly name: string;
  readonly kind: LiveExplanation['kind'];
  readonly guests: readonly GuestStatus[];
  /** The settings of a schedule that concern it. */
  readonly concerns: (setting: Setting) => boolean;
}

/**
 * Why a guest (by key, pid or name), a class, `others` or the `mode` is as it is: from the daemon's status and plan, and from what
 * its forecasts are now. Null: there is no such subject. Pure.
 */
export function explainLive(
  status: Status,
  plan: Plan,
  name: string,
  forecasts: ForecastsNow = new Map(),
): LiveExplanation | null {
  const index = indexPlan(plan);
  const subject = subjectNamed(status, index, name);
  if (subject === null) return null;
  const changes = changesOf(status, index, subject);
  const deciding = new Set(changes.map(({ condition }) => condition));
  const conditions = status.conditions.filter(({ text }) => subject.kind === 'mode' || deciding.has(text));
  const atoms = new Set(conditions.flatMap(({ id }) => atomsIn(status, plan, id).map((atom) => atom.id)));
  const settings = subject.guests.flatMap(({ controls }) => controls.map(({ setting }) => setting));
  return {
    subject: subject.name,
    kind: subject.kind,
    atMs: status.atMs,
    mode: status.mode,
    guests: subject.guests.map((guest) => ({
      key: guest.key,
      name: guest.name,
      class: guest.class,
      state: guest.state,
      kept: guest.controls.map(keptOf),
    })),
    conditions: conditions.map((one) => ({ ...one, atoms: atomsIn(status, plan, one.id) })),
    limits: limitsBehind(plan, atoms, settings, forecasts),
    changes,
    findings: status.findings.filter((finding) => isAbout(finding.subject, subject)),
  };
}

function subjectNamed(status: Status, index: PlanIndex, name: string): Subject | null {
  const { guests } = status;
  const guest =
    guests.find(({ key }) => key === name) ??
    guests.find(({ pid }) => String(pid) === name) ??
    guests.find((one) => one.name === name);
  if (guest) {
    const concerns = (setting: Setting) => index.appliesTo(setting, guest.class);
    return { name: guest.name ?? guest.key, kind: 'guest', guests: [guest], concerns };
  }
  if (name === OTHERS || index.plan.classes.some((one) => one.name === name)) {
    const className = name === OTHERS ? null : name;
    const concerns = (setting: Setting) => index.appliesTo(setting, className);
    return { name, kind: 'class', guests: guests.filter((one) => one.class === className), concerns };
  }
  return name === MODE ? { name, kind: 'mode', guests: [], concerns: () => true } : null;
}

const isAbout = (about: string | null, { name, kind, guests }: Subject): boolean =>
  about === null || kind === 'mode' || about === name || guests.some(({ key }) => key === about);

const keptOf = ({
  setting,
  summary,
  inForce,
  measure,
}: Control): LiveExplanation['guests'][number]['kept'][number] => ({
  mechanism: setting.mechanism,
  summary,
  inForce,
  measure,
  because: setting.because.map(({ sentence, file, range }) => ({ sentence, file, line: range.start.line })),
});

function atomsIn({ atoms }: Status, plan: Plan, condition: string): Status['atoms'] {
  const expression = plan.conditions.find(({ id }) => id === condition)?.expression;
  const inside = expression ? atomsOf(expression) : new Set<string>();
  return atoms.filter(({ id }) => inside.has(id));
}

/** Each condition that, were it otherwise, would have the subject get something else. */
function changesOf(status: Status, index: PlanIndex, subject: Subject): LiveExplanation['changes'] {
  const now = new Map(status.conditions.map(({ id, value }) => [id, value]));
  const present = modeFor(index.plan, now);
  const before = present ? settingsIn(index, present, subject) : [];
  return status.conditions.flatMap(({ id, text, value }) =>
    [true, false]
      .filter((becomes) => becomes !== value)
      .flatMap((becomes) => {
        const mode = modeFor(index.plan, new Map(now).set(id, becomes));
        if (!mode || mode.id === present?.id) return [];
        const gets = settingsIn(index, mode, subject);
        if (subject.kind !== 'mode' && gets.join('\n') === before.join('\n')) return [];
        const atMs = nextOf(atomsIn(status, index.plan, id));
        return [{ condition: text, becomes, atMs, mode: mode.id, gets: subject.kind === 'mode' ? [] : gets }];
      }),
  );
}

function nextOf(atoms: Status['atoms']): number | null {
  const instants = atoms.flatMap(({ changesAtMs }) => changesAtMs ?? []);
  return instants.length === 0 ? null : Math.min(...instants);
}

const modeFor = (plan: Plan, values: ReadonlyMap<string, Mode['when'][string]>): Mode | undefined =>
  plan.modes.find(({ when }) => Object.entries(when).every(([id, value]) => values.get(id) === value));

const settingsIn = (index: PlanIndex, mode: Mode, { concerns }: Subject): string[] =>
  scheduleOf(index, mode)
    .settings.filter(concerns)
    .map((setting) => `${setting.mechanism} of ${setting.class}: ${summarise(setting)}`);
