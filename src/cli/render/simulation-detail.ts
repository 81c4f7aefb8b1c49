import type { SimulationReport } from '../../simulate/index.js';
import { count } from './count.js';
import { type Line, paragraph } from './lines.js';
import type { RenderSimulationOptions } from './simulation.js';
import { duration, fixed, tableLines } from './simulation-figures.js';

type Detail = NonNullable<SimulationReport['detail']>;

const MOST_CHANGES = 8;
const MOST_SHOWN = 5;

/** What came of parts of a replay on the simulated kernel: sections, none without it. */
export function renderDetail(
  detail: Detail | null,
  options: RenderSimulationOptions,
): readonly (readonly Line[])[] {
  if (detail === null) return [];
  return [
    headLines(detail, options),
    changeLines(detail, options),
    violationLines(detail, options),
    agreementLines(detail, options),
    findingLines(detail, options),
  ];
}

function headLines(detail: Detail, { colors, width }: RenderSimulationOptions): readonly Line[] {
  const parts = `${count(detail.moments, 'moment')} and ${count(detail.changed, 'change')} of schedule`;
  const left = detail.leftOut === 0 ? '' : `; ${detail.leftOut} more are left out`;
  const head = `On the simulated kernel, the enforcer in charge: ${parts}, ${duration(detail.seconds)}${left}`;
  const rows = detail.controls.map((one) => [
    one.scope === 'each' ? `each ${one.class}` : one.class,
    one.mechanism,
    one.promised === null ? '-' : `${one.bound} ${inUnit(one.promised, one.unit)}`,
    inUnit(one.delivered, one.unit),
    one.fluid === null ? '-' : fixed(one.fluid),
    one.longestGapMs === 0 ? '-' : milliseconds(one.longestGapMs),
    one.statedGapMs === null ? '-' : milliseconds(one.statedGapMs),
  ]);
  const header = ['of', 'by', 'promised', 'had', 'model', 'longest gap', 'stated'];
  return [...paragraph(head, width, '', '  ', colors.bold), ...tableLines(header, rows)];
}

function changeLines(
  { changes, cores }: Detail,
  { colors, width }: RenderSimulationOptions,
): readonly Line[] {
  const fullest = cores.reduce<Detail['cores'][number] | null>(
    (most, one) => (most === null || one.peakCores > most.peakCores ? one : most),
    null,
  );
  const inChanges = cores.reduce((most, { changePeakCores }) => Math.max(most, changePeakCores), 0);
  const shown = changes.slice(0, MOST_CHANGES);
  return [
    ...(changes.length > 0 || fullest !== null
      ? paragraph('Changes of schedule, and the most bandwidth on a core', width, '', '', colors.bold)
      : []),
    ...shown.flatMap(({ from, to, times, settledMs, refused, peakCores }) => {
      const peak = peakCores === null ? '' : `, ${fixed(peakCores)} on a core`;
      const again = refused === 0 ? '' : `, ${count(refused, 'refusal')} of the kernel's`;
      const what = `${count(times, 'time')}: ${from} → ${to}: in force ${settledMs === 0 ? 'at once' : `after ${milliseconds(settledMs)}`}${peak}${again}`;
      return paragraph(what, width, '  ', '    ');
    }),
    ...(changes.length > shown.length
      ? paragraph(`and ${count(changes.length - shown.length, 'other')}`, width, '  ')
      : []),
    ...(fullest === null
      ? []
      : paragraph(
          `${count(cores.length, 'core')} with reservations: at most ${fixed(fullest.peakCores)} of ${fixed(fullest.limitCores)} (core ${fullest.core}), in changes ${fixed(inChanges)}`,
          width,
          '  ',
          '    ',
        )),
  ];
}

function violationLines(
  { violations, first }: Detail,
  { colors, width }: RenderSimulationOptions,
): readonly Line[] {
  if (violations === 0)
    return paragraph('Nothing that is promised was missed there.', width, '', '', colors.green);
  return [
    ...paragraph(`Missed there: ${count(violations, 'time')}`, width, '', '', colors.bold),
    ...first.slice(0, MOST_SHOWN).flatMap(({ what, at, stated, measured, unit }) => {
      const text = `${at}: ${what}: stated ${withUnit(stated, unit)}, was ${withUnit(measured, unit)}`;
      return paragraph(text, width, '  ', '    ', colors.red);
    }),
  ];
}

function agreementLines(
  { compared, disagreeing, disagreements, tolerance }: Detail,
  { colors, width }: RenderSimulationOptions,
): readonly Line[] {
  const within = `within ${fixed(tolerance.cores)} cores and ${100 * tolerance.part}%`;
  const head = `The model's rates are the kernel's ${within}: ${compared - disagreeing} of ${compared}`;
  return [
    ...paragraph(head, width, '', '  ', disagreeing === 0 ? colors.green : colors.bold),
    ...disagreements
      .slice(0, MOST_SHOWN)
      .flatMap(({ at, class: name, fluidCores, kernelCores, conditions }) => {
        const text = `${at}: ${name} has ${fixed(kernelCores)} cores where the model says ${fixed(fluidCores)} (${conditions})`;
        return paragraph(text, width, '  ', '    ', colors.yellow);
      }),
  ];
}

function findingLines({ findings }: Detail, { colors, width }: RenderSimulationOptions): readonly Line[] {
  if (findings.length === 0) return [];
  return [
    ...paragraph('The enforcer says', width, '', '', colors.bold),
    ...findings.flatMap((finding) => paragraph(finding, width, '  ', '    ', colors.dim)),
  ];
}

const inUnit = (value: number, unit: 'cores' | 'fraction'): string =>
  unit === 'cores' ? fixed(value) : `${(100 * value).toFixed(1)}%`;

const withUnit = (value: number, unit: 'cores' | 'fraction' | 'ms'): string =>
  unit === 'ms' ? milliseconds(value) : unit === 'cores' ? `${fixed(value)} cores` : inUnit(value, unit);

const milliseconds = (value: number): string => duration(value / 1000);
