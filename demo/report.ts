import type { Colors } from '../src/cli/colors.js';
import { renderTable } from '../src/cli/render/table.js';
import { WARM_UP_SAMPLES } from '../src/rps/index.js';
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
        'by its counter: what the guest itself counted, at the speed at which all guests together worked meanwhile; a\n' +
        'witness, not a judge: emulated guests speed up and slow down with the host. A guest on a duty cycle knows nothing\n' +
        'of the time in which it was stopped: its counter tells the CPU that it got.',
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
    byCounter(guest),
    guest.unit,
    guest.kept ? colors.green('kept') : colors.red('MISSED'),
  ];
}

function byCounter({ deliveredByCounter, mechanism, unit }: GuestOutcome): string {
  if (deliveredByCounter === null) return '-';
  return mechanism === 'duty'
    ? `${deliveredByCounter.toFixed(4)} cores`
    : deliveredByCounter.toFixed(unit === 'cores' ? 4 : 3);
}

function renderForecast(forecast: ForecastOutcome): string {
  const { rows, coverage, coverageWithoutSurprise, meanAbsoluteError, level } = forecast;
  if (rows.length === 0) return 'none: the demonstration was too short';
  const first = rows[0]?.atMs ?? 0;
  const table = renderTable(
    ['made at', 'model', 'forecast', 'lower', 'upper', 'came', ''],
    rows.map(({ atMs, model, mean, lower, upper, came, surprise }) => [
      `${((atMs - first) / 1000).toFixed(0)} s`,
      model,
      ...[mean, lower, upper, came].map((value) => `${value.toFixed(1)}%`),
      surprise ? 'the owner came back meanwhile' : came >= lower && came <= upper ? 'inside' : 'outside',
    ]),
  );
  return [
    table,
    `inside limits of ${level * 100}%: ${percent(coverageWithoutSurprise)} where the owner did not come back meanwhile, ` +
      `${percent(coverage)} of all;`,
    `mean error ${(meanAbsoluteError ?? 0).toFixed(1)} points. For the first ${WARM_UP_SAMPLES} samples LAST speaks, with wide errors.`,
  ].join('\n');
}

const percent = (share: number | null): string => (share === null ? '-' : `${(share * 100).toFixed(0)}%`);
