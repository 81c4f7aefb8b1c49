import { OTHERS } from '../../enforce/plan-index.js';
import type { Control, GuestStatus } from '../../enforce/status.js';
import { type Metric, type MetricSample, type Snapshot, sumsBy } from './metric.js';

/** Classes beyond so many, in the order of the policy, are one together. */
const MOST_CLASSES = 200;
const REST = '(more)';

/** The value of the label `class` for a guest. */
function labelOf({ plan }: Snapshot): (guest: GuestStatus) => string {
  const shown = new Set(plan.classes.slice(0, MOST_CLASSES).map(({ name }) => name));
  return ({ class: name }) => (name === null ? OTHERS : shown.has(name) ? name : REST);
}

const ofGuests = (
  snapshot: Snapshot,
  samples: (guest: GuestStatus, className: string) => readonly MetricSample[],
): readonly MetricSample[] => {
  const className = labelOf(snapshot);
  return sumsBy((snapshot.status?.guests ?? []).flatMap((guest) => samples(guest, className(guest))));
};

type Measured = { readonly control: Control; readonly value: number };

/** A sum over guests, by class and control; fractions are means. */
function measured(
  unit: 'cores' | 'fraction',
  amountOf: (control: Control) => number | null | undefined,
): Metric['samples'] {
  return (snapshot) => {
    const all = (value: (one: Measured) => number) =>
      ofGuests(snapshot, ({ controls }, className) =>
        controls.flatMap((control) => {
          const amount = control.measure?.unit === unit ? amountOf(control) : null;
          if (amount === null || amount === undefined) return [];
          const labels = {
            class: className,
            mechanism: control.setting.mechanism,
            bound: control.measure?.bound ?? 'exactly',
          };
          return [{ labels, value: value({ control, value: amount }) }];
        }),
      );
    const sums = all((one) => one.value);
    if (unit === 'cores') return sums;
    const counts = all(() => 1);
    return sums.map((sum, at) => ({ ...sum, value: sum.value / (counts[at]?.value ?? 1) }));
  };
}

const CONTROL_LABELS = ['class', 'mechanism', 'bound'];

/** What guests are promised, get, and how they stand. */
export const GUEST_METRICS: readonly Metric[] = [
  {
    name: 'vmc_guests',
    help: 'Running guests by class and state (held: stopped by its duty cycle).',
    kind: 'gauge',
    labels: ['class', 'state'],
    samples: (snapshot) =>
      ofGuests(snapshot, ({ state }, className) => [{ labels: { class: className, state }, value: 1 }]),
  },
  {
    name: 'vmc_guest_cpu_cores',
    help: 'CPU of the guests of a class over the last 10 seconds.',
    kind: 'gauge',
    labels: ['class'],
    samples: (snapshot) =>
      ofGuests(snapshot, ({ cpuCores10s }, className) =>
        cpuCores10s === null ? [] : [{ labels: { class: className }, value: cpuCores10s }],
      ),
  },
  {
    name: 'vmc_promised_cores',
    help: 'Promised to the guests of a class since the mode began, in cores; bound says how delivered compares.',
    kind: 'gauge',
    labels: CONTROL_LABELS,
    samples: measured('cores', ({ measure }) => measure?.promised),
  },
  {
    name: 'vmc_delivered_cores',
    help: 'Delivered to the guests of a class since the mode began, in cores.',
    kind: 'gauge',
    labels: CONTROL_LABELS,
    samples: measured('cores', ({ measure }) => measure?.deliveredInMode),
  },
  {
    name: 'vmc_promised_ratio',
    help: 'Promised to the guests of a class since the mode began, as a part of time or of what siblings got: mean over guests.',
    kind: 'gauge',
    labels: CONTROL_LABELS,
    samples: measured('fraction', ({ measure }) => measure?.promised),
  },
  {
    name: 'vmc_delivered_ratio',
    help: 'Delivered to the guests of a class since the mode began, as a part of time or of what siblings got: mean over guests.',
    kind: 'gauge',
    labels: CONTROL_LABELS,
    samples: measured('fraction', ({ measure }) => measure?.deliveredInMode),
  },
  {
    name: 'vmc_controls',
    help: 'Mechanisms that are to act on guests of a class.',
    kind: 'gauge',
    labels: ['class', 'mechanism'],
    samples: (snapshot) => controlCounts(snapshot, () => true),
  },
  {
    name: 'vmc_controls_in_force',
    help: 'Those of them that are in force, as read back from the kernel.',
    kind: 'gauge',
    labels: ['class', 'mechanism'],
    samples: (snapshot) => controlCounts(snapshot, ({ inForce }) => inForce),
  },
];

const controlCounts = (snapshot: Snapshot, counts: (control: Control) => boolean): readonly MetricSample[] =>
  ofGuests(snapshot, ({ controls }, className) =>
    controls.map((control) => ({
      labels: { class: className, mechanism: control.setting.mechanism },
      value: counts(control) ? 1 : 0,
    })),
  );
