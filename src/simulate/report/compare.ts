import type { SimulationReport } from './simulation-report.js';

/** One figure of two replays of the same trace; null where a policy has nothing of the kind. */
export interface Difference {
  readonly what: string;
  readonly unit: 'cores' | 'core-hours' | 's' | '%' | 'a day' | 'times';
  readonly first: number | null;
  readonly second: number | null;
}

type Figure = Omit<Difference, 'first' | 'second'> & { readonly value: number | null };

const SECONDS_PER_HOUR = 3600;

/** The figures of two replays side by side, in the order of the first; those of which only the second speaks last. */
export function compareReports(first: SimulationReport, second: SimulationReport): readonly Difference[] {
  const [one, other] = [figuresOf(first), figuresOf(second)];
  const find = (figures: readonly Figure[], what: string) =>
    figures.find((figure) => figure.what === what)?.value ?? null;
  const all = [...one, ...other.filter(({ what }) => !one.some((figure) => figure.what === what))];
  return all.map(({ what, unit }) => ({ what, unit, first: find(one, what), second: find(other, what) }));
}

function figuresOf({
  owner,
  idleCores,
  seconds,
  classes,
  promises,
  budgets,
  modes,
  modeChangesPerDay,
}: SimulationReport): readonly Figure[] {
  return [
    { what: 'owner: delivered', unit: 'cores', value: owner.deliveredCores },
    { what: 'owner: unmet', unit: 'core-hours', value: owner.unmetCoreHours },
    { what: 'owner: part of the time short', unit: '%', value: 100 * owner.unmetShare },
    ...classes.flatMap((one): readonly Figure[] => [
      { what: `${one.class}: delivered`, unit: 'cores', value: one.deliveredCores },
      { what: `${one.class}: least while it wanted any`, unit: 'cores', value: one.leastCores },
      { what: `${one.class}: longest pause`, unit: 's', value: one.longestPauseSeconds },
      { what: `${one.class}: worst gap`, unit: 's', value: one.worstGapSeconds },
    ]),
    ...promises.flatMap((one): readonly Figure[] => [
      { what: `${promiseName(one)}: promised`, unit: 'cores', value: one.promisedCores },
      { what: `${promiseName(one)}: short`, unit: 's', value: one.shortSeconds },
      { what: `${promiseName(one)}: violations`, unit: 'times', value: one.violations },
    ]),
    ...budgets.map(
      (one): Figure => ({ what: `${one.budget}: used up`, unit: 'times', value: one.periodsSpent }),
    ),
    ...modes.map((one): Figure => ({ what: `in mode ${one.conditions}`, unit: '%', value: 100 * one.share })),
    { what: 'idle', unit: 'core-hours', value: (idleCores * seconds) / SECONDS_PER_HOUR },
    { what: 'changes of mode', unit: 'a day', value: modeChangesPerDay },
  ];
}

const PROMISES: { readonly [K in SimulationReport['promises'][number]['kind']]: string } = {
  kept: 'kept for',
  floor: 'guarantee of',
  'floor each': 'guarantee of each',
  reservation: 'reservation of',
};

/** "guarantee of build". */
export const promiseName = ({
  kind,
  subject,
}: Pick<SimulationReport['promises'][number], 'kind' | 'subject'>): string => `${PROMISES[kind]} ${subject}`;
