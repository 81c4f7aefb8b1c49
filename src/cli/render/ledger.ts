import type { ConformanceDocument, LedgerDocument, LedgerSums } from '../../enforce/ledger/ledger-schema.js';
import { formatDuration } from '../../support/duration.js';
import { visible } from '../../support/terminal-text.js';
import type { Colors } from '../colors.js';
import { renderCsv } from './csv.js';
import { localTime } from './event.js';
import { renderTable } from './table.js';

const NS_PER_HOUR = 3.6e12;

/** `vmc ledger` for people: core-hours, and in what they were promised. */
export function renderLedger(document: LedgerDocument): string {
  const { by, rows, total } = document;
  const header = [
    by,
    'core-hours',
    'promised',
    'wanted',
    'guest-hours',
    'held',
    'stopped by user',
    'longest gap',
  ];
  const cells = rows.map((row) => [visible(row.key), ...sumCells(row)]);
  const table =
    rows.length === 0
      ? 'no guests in that time'
      : renderTable(header, rows.length > 1 ? [...cells, ['all', ...sumCells(total)]] : cells);
  return [period(document), table, ...pauses(document)].join('\n');
}

const sumCells = (sums: LedgerSums): string[] => [
  hours(sums.cpuNs),
  hours(sums.promisedNs),
  sums.wantedNs === null ? '-' : hours(sums.wantedNs),
  hours(sums.elapsedNs),
  hours(sums.stoppedNs),
  hours(sums.stoppedByUserNs),
  sums.longestGapNs === null ? '-' : `≤ ${gap(sums.longestGapNs)}`,
];

const hours = (ns: number): string => (ns / NS_PER_HOUR).toFixed(3);

/** To the millisecond: it is a bound. */
const gap = (ns: number): string => (ns === 0 ? '0' : formatDuration(Math.ceil(ns / 1e6) * 1e6));

const period = ({ fromMs, toMs }: Pick<LedgerDocument, 'fromMs' | 'toMs'>): string =>
  `from ${localTime(fromMs)} to ${localTime(toMs)}`;

const pauses = ({ notRunning }: Pick<LedgerDocument, 'notRunning'>): string[] =>
  notRunning.map((span) => `no daemon ran ${period(span)}: nothing is known of that time`);

/** `vmc ledger --conformance` for people: what was missed and why, and what was kept. */
export function renderConformance(document: ConformanceDocument, colors: Colors): string {
  const { promises, kept } = document;
  const rows = promises.map((one) => [
    who(one),
    one.mode,
    one.mechanism,
    one.summary,
    `${BOUNDS[one.bound]}${amount(one.promised, one.unit)}`,
    amount(one.delivered, one.unit),
    one.kept ? (one.misses.length === 0 ? 'kept' : 'kept: not wanted') : 'missed',
  ]);
  const missed = promises.filter((one) => one.misses.length > 0);
  const reasons = missed.map(
    ({ guest, class: name, mode, summary, misses }) =>
      `${who({ guest, class: name })}, ${summary}, in mode ${mode}: ${misses
        .map(
          ({ text, missedNs }) =>
            `${formatDuration(Math.round(missedNs / 1e6) * 1e6)} missed because ${text}`,
        )
        .join('; ')}`,
  );
  const header = ['who', 'mode', 'kept by', 'setting', 'promised', 'delivered', ''];
  const verdict =
    promises.length === 0
      ? 'nothing was promised in that time'
      : kept
        ? colors.green('every promise was kept')
        : colors.red('not every promise was kept');
  const table = promises.length === 0 ? [] : [renderTable(header, rows)];
  return [period(document), ...table, ...reasons, ...pauses(document), verdict].join('\n');
}

const who = ({ guest, class: name }: { readonly guest: string | null; readonly class: string }): string =>
  visible(guest ?? `all of ${name}`);

const BOUNDS = { exactly: '', 'at-least': '≥ ', 'at-most': '≤ ' } as const;

const amount = (value: number, unit: 'cores' | 'fraction'): string =>
  unit === 'cores' ? value.toFixed(3) : `${(value * 100).toFixed(1)}%`;

export function ledgerCsv({ by, rows }: LedgerDocument): string {
  const header = [
    by,
    'cpu_ns',
    'promised_ns',
    'wanted_ns',
    'elapsed_ns',
    'stopped_ns',
    'stopped_by_user_ns',
    'longest_gap_ns',
  ];
  return renderCsv(
    header,
    rows.map((row) => [
      row.key,
      row.cpuNs,
      row.promisedNs,
      row.wantedNs,
      row.elapsedNs,
      row.stoppedNs,
      row.stoppedByUserNs,
      row.longestGapNs,
    ]),
  );
}

/** A row for each promise and cause. */
export function conformanceCsv({ promises }: ConformanceDocument): string {
  const header = [
    'guest',
    'user',
    'class',
    'mode',
    'mechanism',
    'setting',
    'unit',
    'bound',
    'promised',
    'delivered',
    'measured_ns',
    'kept',
    'cause',
    'missed_ns',
  ];
  return renderCsv(
    header,
    promises.flatMap((one) => {
      const { guest, user, class: name, mode, mechanism, summary, unit, bound } = one;
      const head = [guest, user, name, mode, mechanism, summary, unit, bound];
      const figures = [one.promised, one.delivered, one.measuredNs, one.kept];
      const causes = one.misses.length === 0 ? [{ cause: null, missedNs: 0 }] : one.misses;
      return causes.map(({ cause, missedNs }) => [...head, ...figures, cause, missedNs]);
    }),
  );
}
