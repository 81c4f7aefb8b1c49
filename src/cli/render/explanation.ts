import type {
  Aspect,
  AspectName,
  Contribution,
  Explanation,
  Means,
  Point,
  Treatment,
} from '../../compiler/index.js';
import type { Colors } from '../colors.js';
import { count } from './count.js';
import { joinSections, type Line, paragraph } from './lines.js';

export interface RenderExplanationOptions {
  readonly colors: Colors;
  /** Columns. */
  readonly width: number;
  /** The policy: places in it are told by their line alone. */
  readonly file: string;
  /** "At 2026-11-23 10:00, given owner.demand = 80%"; null where every situation is explained. */
  readonly given: string | null;
}

/** Wider names of conditions push what is behind them to the right. */
const MOST_NAME = 36;

/**
 * Why a subject gets what it gets, for people: for each way of being treated when that is, what it gets, and
 * from what.
 */
export function renderExplanation(explanation: Explanation, options: RenderExplanationOptions): string {
  const { subject, aspects } = explanation;
  const { colors, width, given, file } = options;
  const place = subject.place ? `${subject.place.file}:${subject.place.range.start.line}` : file;
  const sections = [
    paragraph(`${subject.who} (${place})`, width, '', '  ', colors.bold),
    ...(given === null ? [] : [conditionLines(given, explanation, options)]),
    ...aspects.flatMap((aspect) => aspectSections(aspect, explanation, options)),
    ...(aspects.length === 0 ? [paragraph('No sentence of the policy has to do with it.', width)] : []),
    legend(explanation, width),
  ];
  return joinSections(sections);
}

const TITLES: { readonly [A in AspectName]: string } = {
  cpu: 'CPU',
  cores: 'Cores',
  memory: 'Memory',
  disk: 'Disk',
  network: 'Network',
  budget: 'Budget',
};

function aspectSections(
  { name, treatments }: Aspect,
  explanation: Explanation,
  options: RenderExplanationOptions,
): readonly (readonly Line[])[] {
  const { colors, width, given } = options;
  const [only] = treatments;
  if (treatments.length === 1 && only) {
    const always = given === null && explanation.modes.length > 1 ? ', in every mode' : '';
    const heading = paragraph(`${TITLES[name]}${always}`, width, '', '', colors.bold);
    return [heading, ...only.points.map((point) => pointLines(point, '', options))];
  }
  const more = treatments.length - MOST_WAYS;
  const ways = `${TITLES[name]}: ${treatments.length} ways of which the first that applies counts`;
  const told = new Map<string, number>();
  return [
    paragraph(ways, width, '', '', colors.bold),
    ...treatments
      .slice(0, MOST_WAYS)
      .flatMap((one, index) => treatmentSections(one, index, told, explanation, options)),
    ...(more > 0 ? [paragraph(`and ${more} more: ${NARROW}`, width)] : []),
  ];
}

/** More ways than this nobody reads. */
const MOST_WAYS = 20;
const NARROW = '--format json has all of them, and --at and --given ask about one';

const keyOf = (point: Point): string => JSON.stringify(point);

function conditionLines(
  given: string,
  { conditions }: Explanation,
  { colors, width }: RenderExplanationOptions,
): readonly Line[] {
  const rows = conditions ?? [];
  const column = Math.min(Math.max(0, ...rows.map(({ condition }) => condition.length)), MOST_NAME);
  const paints = { true: colors.green, false: colors.dim, unknown: colors.yellow };
  return [
    ...paragraph(rows.length === 0 ? given : `${given}:`, width),
    ...rows.flatMap(({ condition, value, why }) => {
      const truth = value === null ? null : (String(value) as keyof typeof paints);
      const head = `  ${condition.padEnd(column)}  ${(truth ?? '?').padEnd(7)}  `;
      return paragraph(why, width, head, ' '.repeat(column + 13), truth === null ? undefined : paints[truth]);
    }),
  ];
}

/** `told`: points that have been told, and under which number. */
function treatmentSections(
  { when, modes, points }: Treatment,
  index: number,
  told: Map<string, number>,
  { modes: all }: Explanation,
  options: RenderExplanationOptions,
): readonly (readonly Line[])[] {
  const { colors, width, given } = options;
  const indent = '   ';
  const example = modes.flatMap((mode) => all[mode]?.example ?? [])[0];
  const some = `${modes.length} of ${count(all.length, 'mode')}${example ? `, for example at ${example}` : ''}`;
  const head = [
    ...paragraph(upperFirst(titleOf(points)), width, `${index + 1}. `, indent, colors.bold),
    ...whenLines(when, indent, width),
    ...(given === null ? paragraph(some, width, indent, indent, colors.dim) : []),
  ];
  const sections = points.map((point) => {
    const before = told.get(keyOf(point));
    if (before !== undefined) {
      return paragraph(`${upperFirst(point.says)}: as in ${before}`, width, indent, indent, colors.bold);
    }
    told.set(keyOf(point), index + 1);
    const lines = pointLines(point, indent, options);
    // Of a single point the heading is that of the treatment.
    return points.length === 1 ? lines.slice(paragraph(point.says, width, indent).length) : lines;
  });
  return [head, ...sections];
}

const HEADLINES: ReadonlySet<Point['topic']> = new Set(['running', 'reservation', 'most', 'least']);

/** What matters most. */
function titleOf(points: readonly Point[]): string {
  const first = points.filter(({ topic }) => HEADLINES.has(topic)).map(({ says }) => says);
  const [only = 'nothing'] = points.map(({ says }) => says);
  return first.length > 0 ? first.slice(0, 2).join('; ') : only;
}

const upperFirst = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

function whenLines(when: Treatment['when'], indent: string, width: number): readonly Line[] {
  if (when === null) {
    return paragraph('in some of the other modes, which few words do not tell', width, indent);
  }
  if (when.length === 0) return paragraph('in all other modes', width, indent);
  return when.flatMap((text, index) =>
    paragraph(text, width, `${indent}${index === 0 ? 'when' : '  or'} `, `${indent}     `),
  );
}

function pointLines(
  { says, from, leastOf, steps, means }: Point,
  indent: string,
  options: RenderExplanationOptions,
): readonly Line[] {
  const { colors, width } = options;
  const inner = `${indent}  `;
  return [
    ...paragraph(upperFirst(says), width, indent, indent, colors.bold),
    ...from.flatMap((one) => contributionLines(one, inner, options)),
    ...(leastOf.length < 2
      ? []
      : paragraph(`the least of ${leastOf.join('; ')}`, width, `${inner}= `, `${inner}  `)),
    ...steps.flatMap((step) => paragraph(step, width, `${inner}= `, `${inner}  `)),
    ...means.flatMap((one) => meansLines(one, inner, width)),
  ];
}

function contributionLines(
  { text, place, role, decides, certain, when }: Contribution,
  indent: string,
  { colors, width, file }: RenderExplanationOptions,
): readonly Line[] {
  const paint = decides ? undefined : colors.dim;
  const { line } = place.range.start;
  const where = place.file === file ? `line ${line}` : `${place.file}:${line}`;
  const condition = when === null ? '' : `, while ${when}`;
  const doubt = certain ? '' : '; in force because it is unknown whether that is so';
  return [
    ...paragraph(`${text}  (${where})`, width, `${indent}${decides ? '>' : ' '} `, `${indent}  `, paint),
    ...paragraph(`${role}${condition}${doubt}`, width, `${indent}    `, `${indent}    `, paint),
  ];
}

function meansLines(
  { mechanism, on, numbers, fidelity, why }: Means,
  indent: string,
  width: number,
): readonly Line[] {
  const text = `${mechanism} of ${on}: ${numbers}; ${why}; ${fidelity}`;
  return paragraph(text, width, `${indent}by `, `${indent}   `);
}

/** What the mechanisms in an explanation do, each once. */
function legend({ aspects }: Explanation, width: number): readonly Line[] {
  const all = aspects.flatMap(({ treatments }) =>
    treatments.flatMap(({ points }) => points.flatMap(({ means }) => means)),
  );
  const does = new Map(all.map((one) => [one.mechanism, one.does]));
  if (does.size === 0) return [];
  const column = Math.max(...[...does.keys()].map(({ length }) => length));
  return [
    ...paragraph('What keeps it:', width),
    ...[...does].flatMap(([mechanism, text]) =>
      paragraph(text, width, `  ${mechanism.padEnd(column)}  `, ' '.repeat(column + 4)),
    ),
  ];
}
