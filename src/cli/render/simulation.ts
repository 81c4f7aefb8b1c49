import { type Difference, promiseName, type SimulationReport } from '../../simulate/index.js';
import type { Colors } from '../colors.js';
import { count } from './count.js';
import { joinSections, type Line, paragraph } from './lines.js';
import { renderDetail } from './simulation-detail.js';
import { duration, fixed, percent, tableLines } from './simulation-figures.js';

export interface RenderSimulationOptions {
  readonly colors: Colors;
  /** Columns. */
  readonly width: number;
}

const MOST_MODES = 12;
const MOST_INSTANTS = 3;

/** What came of a replay, for people; of two, the first in full and then what differs. */
export function renderSimulation(
  [report, against]: readonly SimulationReport[],
  differences: readonly Difference[] | null,
  options: RenderSimulationOptions,
): string {
  if (report === undefined) return '';
  const sections = sectionsOf(report, options);
  if (against === undefined || differences === null) return joinSections(sections);
  return joinSections([...sections, differenceLines(differences, report, against, options)]);
}

function sectionsOf(
  report: SimulationReport,
  options: RenderSimulationOptions,
): readonly (readonly Line[])[] {
  const { colors, width } = options;
  const { policy, from, to, seconds, stepSeconds, cores, notes } = report;
  const head = `${policy}: ${duration(seconds)} in steps of ${duration(stepSeconds)}, on ${count(cores, 'core')}`;
  return [
    [
      ...paragraph(head, width, '', '  ', colors.bold),
      ...paragraph(`${from} to ${to}`, width, '  ', '  ', colors.dim),
      ...notes.flatMap((note) => paragraph(note, width, '  ', '    ', colors.dim)),
    ],
    modeLines(report, options),
    ownerLines(report, options),
    classLines(report, options),
    promiseLines(report, options),
    budgetLines(report, options),
    ...renderDetail(report.detail, options),
  ];
}

function modeLines(
  { modes, modeChanges, modeChangesPerDay }: SimulationReport,
  { colors, width }: RenderSimulationOptions,
) {
  const shown = modes.slice(0, MOST_MODES);
  const rest = modes.slice(MOST_MODES);
  const restShare = rest.reduce((sum, { share }) => sum + share, 0);
  const changes = `${count(modeChanges, 'change')}, ${fixed(modeChangesPerDay, 1)} a day`;
  return [
    ...paragraph(`Modes (${changes})`, width, '', '', colors.bold),
    ...shown.flatMap(({ share, conditions }) =>
      paragraph(conditions, width, `  ${percent(share).padStart(6)}  `, '          '),
    ),
    ...(rest.length === 0
      ? []
      : paragraph(`in ${count(rest.length, 'other mode')}`, width, `  ${percent(restShare).padStart(6)}  `)),
  ];
}

function ownerLines({ owner, idleCores }: SimulationReport, { colors, width }: RenderSimulationOptions) {
  const { wantedCores, deliveredCores, unmetCoreHours, unmetShare, mostUnmetCores } = owner;
  const short =
    unmetShare === 0
      ? 'never short'
      : `short in ${percent(unmetShare)} of the time, by at most ${fixed(mostUnmetCores)} cores, ${fixed(unmetCoreHours)} core-hours in all`;
  return [
    ...paragraph('Owner', width, '', '', colors.bold),
    ...paragraph(`wanted ${fixed(wantedCores)} cores, had ${fixed(deliveredCores)}; ${short}`, width, '  '),
    ...paragraph(`${fixed(idleCores)} cores were used by nobody`, width, '  '),
  ];
}

function classLines({ classes }: SimulationReport, { colors, width }: RenderSimulationOptions) {
  if (classes.length === 0) return paragraph('No guests.', width);
  const rows = classes.map((one) => [
    one.class,
    fixed(one.guests, 1),
    fixed(one.wantedCores),
    fixed(one.deliveredCores),
    one.leastCores === null ? '-' : fixed(one.leastCores),
    fixed(one.deliveredCoreHours, 1),
    one.longestPauseSeconds === 0 ? '-' : duration(one.longestPauseSeconds),
    one.worstGapSeconds === null ? 'no bound' : duration(one.worstGapSeconds),
  ]);
  const header = ['class', 'guests', 'wanted', 'had', 'least', 'core-hours', 'longest pause', 'worst gap'];
  return [...paragraph('Guests, in cores', width, '', '', colors.bold), ...tableLines(header, rows)];
}

function promiseLines({ promises }: SimulationReport, { colors, width }: RenderSimulationOptions) {
  if (promises.length === 0) return [];
  return [
    ...paragraph('Promised against delivered, in cores', width, '', '', colors.bold),
    ...promises.flatMap((one) => {
      const held = one.violations === 0;
      const verdict = held
        ? one.promisedCores === 0
          ? 'nothing was wanted'
          : 'kept'
        : `short ${count(one.violations, 'time')}, ${duration(one.shortSeconds)} in all, at longest ${duration(one.longestViolationSeconds)}`;
      const figures = `promised ${fixed(one.promisedCores)} of what was wanted, had ${fixed(one.deliveredCores)}`;
      const paint = held ? colors.green : colors.red;
      return [
        ...paragraph(`${promiseName(one)}: ${figures}: ${verdict}`, width, '  ', '    ', paint),
        ...one.first
          .slice(0, MOST_INSTANTS)
          .flatMap(({ at, seconds, shortCores }) =>
            paragraph(`${at} for ${duration(seconds)}, ${fixed(shortCores)} cores short`, width, '    '),
          ),
      ];
    }),
  ];
}

function budgetLines({ budgets }: SimulationReport, { colors, width }: RenderSimulationOptions) {
  if (budgets.length === 0) return [];
  return [
    ...paragraph('Budgets', width, '', '', colors.bold),
    ...budgets.flatMap((one) => {
      const used = `${fixed(one.allowedCoreHours)} core-hours, at most ${fixed(one.mostCoreHours)} used`;
      const [first] = one.spentAt;
      const spent =
        first === undefined
          ? 'never used up'
          : `used up in ${one.periodsSpent} of ${count(one.periods, one.per)}, for ${duration(one.spentSeconds)} in all, first at ${first}`;
      return paragraph(`${one.budget}: ${used}; ${spent}`, width, '  ', '    ');
    }),
  ];
}

function differenceLines(
  differences: readonly Difference[],
  report: SimulationReport,
  against: SimulationReport,
  { colors, width }: RenderSimulationOptions,
): readonly Line[] {
  const different = differences.filter(({ first, second }) => figure(first) !== figure(second));
  const title = `${report.policy} against ${against.policy}, on the same trace`;
  if (different.length === 0) return paragraph(`${title}: nothing differs.`, width, '', '', colors.bold);
  const rows = different.map(({ what, unit, first, second }) => [
    shortened(what),
    unit,
    figure(first),
    figure(second),
    first === null || second === null
      ? '-'
      : `${second >= first ? '+' : '-'}${fixed(Math.abs(second - first))}`,
  ]);
  const names: readonly string[] =
    report.policy === against.policy ? ['first', 'second'] : [report.policy, against.policy];
  return [...paragraph(title, width, '', '', colors.bold), ...tableLines(['', '', ...names, 'change'], rows)];
}

const MOST_LETTERS = 48;

const shortened = (text: string): string =>
  text.length <= MOST_LETTERS ? text : `${text.slice(0, MOST_LETTERS - 1)}…`;

const figure = (value: number | null): string => (value === null ? '-' : fixed(value));
