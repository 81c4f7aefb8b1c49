import { writtenName } from '../../../lang/words.js';
import { type Declared, declarationsOf, type Project, sentenceText } from '../../document/declarations.js';
import type { ReferencePlace } from '../../forms/form.js';
import type { Suggestion } from './suggestion.js';

type Kind = Declared['use']['declares'];

/** Which names fit a place, the likeliest first. */
const FITTING: Readonly<Record<ReferencePlace, readonly Kind[]>> = {
  subject: ['class', 'union'],
  member: ['class', 'union'],
  operand: ['condition', 'switch', 'signal', 'class', 'union'],
  'signal-head': ['signal', 'class', 'union'],
};

const ICONS = {
  class: 'Class',
  union: 'Interface',
  offer: 'Struct',
  condition: 'Constant',
  switch: 'Property',
  signal: 'Field',
} as const satisfies Record<Kind, Suggestion['kind']>;

/** Declared names that fit, each once; as in a string where the cursor is in one. */
export function suggestNames(
  project: Project,
  place: ReferencePlace,
  inString: boolean,
): readonly Suggestion[] {
  const kinds = FITTING[place];
  const seen = new Set<string>();
  return declarationsOf(project).flatMap((declared) => {
    const { text, declares, sentence } = declared.use;
    if (!kinds.includes(declares) || seen.has(text)) return [];
    seen.add(text);
    const written = inString ? text.replace(/["\\]/g, '\\$&') : writtenName(text);
    return [
      {
        label: written,
        kind: ICONS[declares],
        rank: Math.min(kinds.indexOf(declares), 3),
        detail: declares,
        documentation: `\`\`\`vmc\n${sentenceText(declared.text, sentence)}\n\`\`\``,
      },
    ];
  });
}
