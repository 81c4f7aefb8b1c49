import type { Colors } from '../src/cli/colors.js';
import { renderTable } from '../src/cli/render/table.js';
import type { ForecastOutcome, GuestOutcome, Outcome } from './outcome.js';

/** The outcome for people; `modeNames` says what each mode means. */
export function renderOutcome(
  outcome: Outcome,
  modeNames: ReadonlyMap<string, string>,
  colors: Colors,
): string {
  return [
    colors.bold('Promised against delivered'),
    renderTable(
      [
        'guest',
        'mode',
        'kept by',
        'promised',
        'delivered',
        'off by',
        'allowed',
        'by its counter',
        'unit',
        '',
      ],
      outcome.guests.map((guest) => guestRow(guest, modeNames, colors)),
    ),
    colors.dim(
      'delivered: the kernel’s accounting (CPU clocks of the vCPU threads; for duty cycles the time not stopped).\n' +
        'by its counter: what the guest itself counted, at the speed at which all guests together worked meanwhile.',
    ),
    '',
    colors.bold(
      `Forecasts of ${outcome.forecast.signal}, ${outcome.forecast.horizonSeconds} s ahead, and what came`,
    ),
    renderForecast(outcome.forecast),
    '',
    `given back: ${outcome.givenBack ? colors.green('everything is as it was before') : colors.red('something was left')}`,
    outcome.ok ? colors.green('every promise was kept') : colors.red('a promise was missed'),
    '',
  ].join('\n');
}

function guestRow(guest: GuestOutcome, modeNames: ReadonlyMap<string, string>, colors: Colors): string[] {
  const digits = guest.unit === 'cores' ? 4 : 3;
  return [
    guest.name,
    modeNames.get(guest.mode) ?? guest.mode,
    guest.mechanism,
    guest.promised.toFixed(digits),
    guest.delivered.toFixed(digits),
    Math.abs(guest.delivered - guest.promised).toFixed(4),
    guest.tolerance.toFixed(4),
    guest.deliveredByCounter === null ? '-' : guest.deliveredByCounter.toFixed(digits),
    guest.unit,
    guest.kept ? colors.green('kept') : colors.red('MISSED'),
  ];
}

function renderForecast({ rows, coverage, meanAbsoluteError, level }: ForecastOutcome): string {
  if (rows.length === 0) return 'none: the demonstration was too short';
  const first = rows[0]?.atMs ?? 0;
  const table = renderTable(
    ['made at', 'forecast', 'lower', 'upper', 'came', ''],
    rows.map(({ atMs, mean, lower, upper, came }) => [
      `${((atMs - first) / 1000).toFixed(0)} s`,
      ...[mean, lower, upper, came].map((value) => `${value.toFixed(1)}%`),
      came >= lower && came <= upper ? '' : 'outside',
    ]),
  );
  const share = `${((coverage ?? 0) * 100).toFixed(0)}% inside limits of ${level * 100}%`;
  const step = 'nobody could foresee the instant at which the owner came back';
  return `${table}\n${share}; mean error ${(meanAbsoluteError ?? 0).toFixed(1)} points; ${step}`;
}
