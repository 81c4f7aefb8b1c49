import type { HistoryAnswer, Status } from '../src/api/client.js';
import { FORECAST_SIGNAL, HORIZON_SECONDS, LEVEL, type Reading } from './recording.js';

/** One promise to one guest in one mode, and what came of it. */
export interface GuestOutcome {
  readonly name: string;
  readonly mode: string;
  readonly mechanism: string;
  readonly promised: number;
  /** From the kernel's accounting. */
  readonly delivered: number;
  readonly unit: 'cores' | 'share of the sharers' | 'share of the time';
  /**
   * What the guest's own counter says: the same, but for a duty cycle, of whose time a guest knows nothing: there it is
   * the CPU that it got, in cores. Null where it cannot tell. It bears witness, but decides nothing: emulation speeds up
   * and slows down with the host by a quarter and more.
   */
  readonly deliveredByCounter: number | null;
  /** Largest deviation allowed, in `unit`. */
  readonly tolerance: number;
  readonly kept: boolean;
}

export interface ForecastOutcome {
  readonly signal: string;
  readonly horizonSeconds: number;
  readonly level: number;
  readonly rows: readonly ForecastRow[];
  /** Share of what came that lay within the limits; null without rows. */
  readonly coverage: number | null;
  /** The same without the forecasts during which the owner came back: nobody could have foreseen that instant. */
  readonly coverageWithoutSurprise: number | null;
  readonly meanAbsoluteError: number | null;
}

/** A forecast made at `atMs` for ten seconds later, in % of cpu, and what came then. */
export interface ForecastRow {
  readonly atMs: number;
  readonly mean: number;
  readonly lower: number;
  readonly upper: number;
  readonly came: number;
  /** What made the forecast: AR(16), or LAST while there are too few samples for it. */
  readonly model: string;
  /** The owner came back between forecast and outcome. */
  readonly surprise: boolean;
}

export interface Outcome {
  readonly guests: readonly GuestOutcome[];
  readonly forecast: ForecastOutcome;
  /** Everything is as it was before the daemon started. */
  readonly givenBack: boolean;
  readonly ok: boolean;
}

/** A mode must have lasted so long for its figures to mean something. */
const LEAST_MODE_NS = 8_000_000_000;

/** What may be missed, as a share of the promise; for duty cycles of the whole time. */
const TOLERANCE = { reservation: 0.02, share: 0.1, duty: 0.01 } as const;

type Account = Status['accounts'][number];

/** Pure: from the last status, which holds the accounts of every mode, and the readings of the guests' counters. */
export function judge(
  readings: readonly Reading[],
  samples: HistoryAnswer,
  ownerCameMs: number,
  givenBack: boolean,
): Outcome {
  const accounts = (readings.at(-1)?.status.accounts ?? []).filter(
    ({ measuredNs, mechanism }) => measuredNs >= LEAST_MODE_NS && mechanism in TOLERANCE,
  );
  const guests = accounts.map((account) => judgeGuest(account, accounts, readings));
  const forecast = compareForecasts(readings, samples, ownerCameMs);
  // Guests that are not the demonstration's own may run here too; no promise is made to them.
  const ours = readings.at(-1)?.guests ?? [];
  const everyGuest = ours.every(({ name }) => guests.some((guest) => guest.name === name));
  return {
    guests,
    forecast,
    givenBack,
    ok: givenBack && everyGuest && guests.length > 0 && guests.every(({ kept }) => kept),
  };
}

function judgeGuest(account: Account, all: readonly Account[], readings: readonly Reading[]): GuestOutcome {
  const { mechanism, promised, delivered, mode } = account;
  const name = account.name ?? account.guest;
  const relative = TOLERANCE[mechanism as keyof typeof TOLERANCE];
  const tolerance = mechanism === 'duty' ? relative : promised * relative;
  const work = workIn(mode, readings);
  const siblings = all.filter((other) => other.mode === mode && other.mechanism === 'share');
  const deliveredByCounter =
    mechanism === 'share'
      ? shareOf(
          name,
          siblings.map((sibling) => sibling.name ?? sibling.guest),
          work,
        )
      : (work.get(name)?.cores ?? null);
  return {
    name,
    mode,
    mechanism,
    promised,
    delivered,
    unit:
      mechanism === 'share' ? 'share of the sharers' : mechanism === 'duty' ? 'share of the time' : 'cores',
    deliveredByCounter,
    tolerance,
    // A guest that counted nothing did not run, whatever the accounts say.
    kept: Math.abs(delivered - promised) <= tolerance && (work.get(name)?.units ?? 0) > 0,
  };
}

interface Work {
  readonly units: number;
  /** CPU that so much work takes at the speed at which all guests together worked meanwhile. */
  readonly cores: number;
}

/** What each guest counted in one mode, over the seconds that lay wholly within it. */
function workIn(mode: string, readings: readonly Reading[]): ReadonlyMap<string, Work> {
  const units = new Map<string, number>();
  const elapsedNs = new Map<string, number>();
  let allUnits = 0;
  let allCpuNs = 0;
  for (const [index, reading] of readings.entries()) {
    const before = readings[index - 1];
    if (before?.mode !== mode || reading.mode !== mode) continue;
    for (const guest of reading.guests) {
      const then = before.guests.find(({ name }) => name === guest.name);
      if (!then) continue;
      const counted = Number(guest.units - then.units);
      units.set(guest.name, (units.get(guest.name) ?? 0) + counted);
      elapsedNs.set(guest.name, (elapsedNs.get(guest.name) ?? 0) + Number(guest.atNs - then.atNs));
      allUnits += counted;
      allCpuNs += Number(guest.vcpuCpuNs - then.vcpuCpuNs);
    }
  }
  const nsPerUnit = allCpuNs / allUnits;
  return new Map(
    [...units].map(([name, counted]) => [
      name,
      { units: counted, cores: (counted * nsPerUnit) / (elapsedNs.get(name) ?? Number.NaN) },
    ]),
  );
}

function shareOf(name: string, siblings: readonly string[], work: ReadonlyMap<string, Work>): number | null {
  const total = siblings.reduce((sum, sibling) => sum + (work.get(sibling)?.units ?? 0), 0);
  const own = work.get(name)?.units;
  return own === undefined || total === 0 ? null : own / total;
}

function compareForecasts(
  readings: readonly Reading[],
  samples: HistoryAnswer,
  ownerCameMs: number,
): ForecastOutcome {
  const rows = readings.flatMap(({ forecast }): ForecastRow[] => {
    const step = forecast?.steps.at(-1);
    if (!forecast || !step) return [];
    const { atMs, model } = forecast;
    const outcomeMs = atMs + step.horizonNs / 1e6;
    const came = sampleAt(samples, outcomeMs);
    if (came === null) return [];
    const { mean, lower, upper } = step;
    const surprise = atMs <= ownerCameMs && outcomeMs > ownerCameMs;
    return [{ atMs, mean, lower, upper, came, model: model ?? 'none', surprise }];
  });
  return {
    signal: FORECAST_SIGNAL,
    horizonSeconds: HORIZON_SECONDS,
    level: LEVEL,
    rows,
    coverage: average(rows.map(inside)),
    coverageWithoutSurprise: average(rows.filter(({ surprise }) => !surprise).map(inside)),
    meanAbsoluteError: average(rows.map(({ came, mean }) => Math.abs(came - mean))),
  };
}

const inside = ({ came, lower, upper }: ForecastRow): number => (came >= lower && came <= upper ? 1 : 0);

const average = (values: readonly number[]): number | null =>
  values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;

/** The sample nearest to an instant; null where there is none. */
function sampleAt({ fromMs, stepNs, values }: HistoryAnswer, atMs: number): number | null {
  return values[Math.round((atMs - fromMs) / (stepNs / 1e6))] ?? null;
}
