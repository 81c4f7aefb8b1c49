import type { Sentence } from '../../lang/model.js';
import { floor, max, type Rational, rational, subtract, ZERO } from '../../support/rational.js';
import { becauseOf } from '../because.js';
import type { Fidelity } from '../fidelity.js';
import type { Setting } from '../plan.js';
import type { CombineContext } from './combine-context.js';
import type { AmountBound, Demands, ScopedBounds } from './demands.js';

interface Context extends CombineContext {
  readonly demands: Demands;
}

type Scope = 'each' | 'sum';

/** Whether a host has the means is seen when they are used: a balloon driver in the guest, a throttle, a tap device. */
const NOTES = {
  memory: "by the guest's balloon, as far as it has one, and by limits of its cgroup",
  disk: "by throttling the guest's drives",
  network: "by shaping the guest's tap devices",
} as const;

/** Settings for everything but CPU. */
export function amountSettings(context: Context): readonly Setting[] {
  return [...memorySettings(context), ...diskSettings(context), ...networkSettings(context)];
}

function memorySettings(context: Context): readonly Setting[] {
  const { demands, host } = context;
  const ceilings = withKept(demands, rational(BigInt(host.facts.memoryBytes)));
  const own = demands.memoryKept ? [settingOfKept(demands.memoryKept)] : [];
  return [
    ...own,
    ...targets(ceilings, demands.memoryFloors).map(({ key, scope, bounds: [ceiling, floorBound] }) => ({
      ...headOf(key, scope, 'memory', [ceiling, floorBound], context),
      mechanism: 'memory' as const,
      ceilingBytes: ceiling ? whole(ceiling.amount) : null,
      floorBytes: floorBound ? whole(floorBound.amount) : null,
    })),
  ];
}

/** Guests together may have what is not kept for the owner: what they hold cannot be taken back at once. */
export function withKept({ memoryKept, memoryCeilings }: Demands, memory: Rational): ScopedBounds {
  if (!memoryKept) return memoryCeilings;
  const { sentences } = memoryKept;
  const left = max(subtract(memory, memoryKept.amount), ZERO);
  const other = memoryCeilings.sum.get('guests');
  const lower = other && other.amount.num * left.den <= left.num * other.amount.den ? other : null;
  return {
    ...memoryCeilings,
    sum: new Map([...memoryCeilings.sum, ['guests', lower ?? { amount: left, sentences }]]),
  };
}

const settingOfKept = ({ amount, sentences }: AmountBound): Setting => ({
  class: 'owner',
  subject: 'owner',
  scope: 'sum',
  mechanism: 'memory',
  ceilingBytes: null,
  floorBytes: whole(amount),
  fidelity: bestEffort('by what guests together may have at most'),
  because: becauseOf(sentences),
});

function diskSettings(context: Context): readonly Setting[] {
  const { diskRates, diskOperations } = context.demands;
  return targets(diskRates, diskOperations).map(({ key, scope, bounds: [rate, operations] }) => ({
    ...headOf(key, scope, 'disk', [rate, operations], context),
    mechanism: 'disk' as const,
    bytesPerSecond: rate ? whole(rate.amount) : null,
    iops: operations ? whole(operations.amount) : null,
  }));
}

function networkSettings(context: Context): readonly Setting[] {
  return targets(context.demands.networkRates).flatMap(({ key, scope, bounds: [rate] }) =>
    rate
      ? {
          ...headOf(key, scope, 'network', [rate], context),
          mechanism: 'network' as const,
          bytesPerSecond: whole(rate.amount),
        }
      : [],
  );
}

interface Target {
  readonly key: string;
  readonly scope: Scope;
  readonly bounds: readonly (AmountBound | undefined)[];
}

/** Every subject that one of several tables names, with its bound from each of them. */
function targets(...tables: readonly ScopedBounds[]): readonly Target[] {
  return (['sum', 'each'] as const).flatMap((scope) =>
    [...new Set(tables.flatMap((table) => [...table[scope].keys()]))].map((key) => ({
      key,
      scope,
      bounds: tables.map((table) => table[scope].get(key)),
    })),
  );
}

function headOf(
  key: string,
  scope: Scope,
  what: keyof typeof NOTES,
  bounds: readonly (AmountBound | undefined)[],
  { population }: Context,
) {
  const sentences = bounds.flatMap((bound): readonly Sentence[] => bound?.sentences ?? []);
  return {
    class: key,
    subject: population.kindOf(key),
    scope,
    fidelity: bestEffort(NOTES[what]),
    because: becauseOf(sentences),
  };
}

const bestEffort = (note: string): Fidelity => ({
  kind: 'best-effort',
  worstGapNs: null,
  rateError: 0,
  note,
});

const whole = (amount: Rational): number => Number(floor(amount));
