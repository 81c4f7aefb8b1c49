import type { Change, DeclarationChange, PolicyDiff } from '../../compiler/index.js';
import type { Colors } from '../colors.js';
import { count } from './count.js';
import { joinSections, type Line, paragraph } from './lines.js';

export interface RenderPolicyDiffOptions {
  readonly colors: Colors;
  /** Columns. */
  readonly width: number;
}

/** What changes for whom, for people. */
export function renderPolicyDiff(
  { equal, modes, declarations, changes, consequences }: PolicyDiff,
  options: RenderPolicyDiffOptions,
): string {
  const { colors, width } = options;
  const all = modes.length === 1 ? 'the only mode' : `all ${modes.length} modes`;
  if (equal) return `The policies have the same effect: in ${all} everybody gets what they got.`;
  const sections = [
    declarations.length === 0
      ? []
      : [
          ...paragraph('Declared differently', width, '', '', colors.bold),
          ...declarations.flatMap((one) => declarationLines(one, options)),
        ],
    ...subjectSections(changes, modes, options),
    ...(consequences.length === 0
      ? []
      : [
          paragraph(
            'What follows for others, of whom no sentence says anything new',
            width,
            '',
            '',
            colors.bold,
          ),
        ]),
    ...subjectSections(consequences, modes, options),
    changes.length > 0 ? [] : paragraph(`No sentence comes to anything else for anybody, in ${all}.`, width),
  ];
  return joinSections(sections);
}

const SIGNS: { readonly [C in DeclarationChange['change']]: string } = {
  added: '+',
  removed: '-',
  renamed: '~',
  changed: '~',
};

function declarationLines(
  { what, name, change, details, old, new: now }: DeclarationChange,
  { colors, width }: RenderPolicyDiffOptions,
): readonly Line[] {
  const [first, ...others] = details;
  const oldName = change === 'renamed' ? ` (was ${first})` : '';
  const told = change === 'renamed' ? others : details;
  const head = what === 'host' || what === 'order' ? name : `${what} ${name}`;
  const places = [old, now].flatMap((place) => (place ? [`${place.file}:${place.range.start.line}`] : []));
  const where = places.length === 0 ? '' : ` (${places.join(' → ')})`;
  const text = `${head}${oldName}${told.length === 0 ? '' : `: ${told.join('; ')}`}${where}`;
  const paint = change === 'added' ? colors.green : change === 'removed' ? colors.red : colors.yellow;
  return paragraph(text, width, `  ${SIGNS[change]} `, '      ', paint);
}

/** Changes of the same subjects under one heading. */
function subjectSections(
  changes: readonly Change[],
  modes: PolicyDiff['modes'],
  options: RenderPolicyDiffOptions,
): readonly (readonly Line[])[] {
  const bySubjects = new Map<string, Change[]>();
  for (const change of changes) {
    const name = change.subjects.join(', ');
    bySubjects.set(name, [...(bySubjects.get(name) ?? []), change]);
  }
  return [...bySubjects].map(([name, own]) => [
    ...paragraph(name, options.width, '', '  ', options.colors.bold),
    ...own.flatMap((change) => changeLines(change, modes, options)),
  ]);
}

function changeLines(
  { when, modes, items }: Change,
  all: PolicyDiff['modes'],
  { colors, width }: RenderPolicyDiffOptions,
): readonly Line[] {
  const example = modes.flatMap((mode) => all[mode]?.example ?? [])[0];
  const some = `${modes.length} of ${count(all.length, 'mode')}${example ? `, for example at ${example}` : ''}`;
  return [
    ...(when === null
      ? paragraph('in modes that few words do not tell (--format json lists them)', width, '  ')
      : when.length === 0
        ? paragraph('in every mode', width, '  ')
        : when.flatMap((text, index) =>
            paragraph(text, width, index === 0 ? '  when ' : '    or ', '       '),
          )),
    ...(when?.length === 0 ? [] : paragraph(some, width, '  ', '  ', colors.dim)),
    ...items.flatMap(({ old, new: now }) => [
      ...paragraph(changeText(old?.text, now?.text), width, '    ', '      '),
      ...sentenceLines('-', old, colors.red, width),
      ...sentenceLines('+', now, colors.green, width),
    ]),
  ];
}

function changeText(old: string | undefined, now: string | undefined): string {
  if (old === undefined) return `now: ${now}`;
  return now === undefined ? `no longer: ${old}` : `${old} → ${now}`;
}

function sentenceLines(
  sign: string,
  side: Change['items'][number]['old'],
  paint: Line['paint'],
  width: number,
): readonly Line[] {
  const texts = new Set(
    side?.sentences.map(({ text, place }) => `${text}  (${place.file}:${place.range.start.line})`),
  );
  return [...texts].flatMap((text) => paragraph(text, width, `      ${sign} `, '        ', paint));
}
