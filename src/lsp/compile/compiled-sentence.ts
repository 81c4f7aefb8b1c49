import type { Plan, Setting } from '../../compiler/index.js';
import { modesWords } from '../../compiler/render/render-modes.js';
import { settingFidelity, settingSummary } from '../../compiler/render/render-setting.js';
import type { Model, Sentence } from '../../lang/index.js';

/** What one sentence was compiled to, for reading. */
export interface CompiledSentence {
  readonly file: string;
  /** Offsets of the sentence in its file. */
  readonly start: number;
  readonly end: number;
  /** Markdown: one paragraph for each setting that follows from it. */
  readonly markdown: string;
}

/** Settings of a sentence that read alike, and the schedules that have them. */
interface Drafted {
  readonly file: string;
  readonly start: number;
  readonly end: number;
  readonly schedulesOf: Map<string, Set<string>>;
}

/** Ways in which a setting comes about, before "N other ways". */
const WAYS_TOLD = 4;

/**
 * For each sentence of a policy the settings of its plan that follow from it, and in which modes they hold; where there
 * are none, why.
 */
export function compiledSentences({ sentences }: Model, plan: Plan): readonly CompiledSentence[] {
  const drafts = new Map<string, Drafted>();
  for (const schedule of plan.schedules) {
    for (const setting of schedule.settings) {
      for (const because of setting.because) note(drafts, because, setting, schedule.id);
    }
  }
  for (const { because, ...budget } of plan.budgets) {
    for (const each of because) {
      draftOf(drafts, each).schedulesOf.set(budgetText(budget), new Set(plan.schedules.map(({ id }) => id)));
    }
  }
  const compiled = [...drafts.values()].map((draft) => written(draft, plan));
  const known = new Set(drafts.keys());
  const others = sentences.filter(({ place }) => !known.has(keyOf(place.file, place.range.start.offset)));
  return [...compiled, ...others.map((sentence) => withoutSetting(sentence, plan))];
}

const keyOf = (file: string, start: number): string => `${start} ${file}`;

function withoutSetting(sentence: Sentence, plan: Plan): CompiledSentence {
  const { file, range } = sentence.place;
  const markdown = reasonOf(sentence, plan);
  return { file, start: range.start.offset, end: range.end.offset, markdown };
}

function reasonOf({ kind, place }: Sentence, { modes, offers }: Plan): string {
  if (kind === 'assert')
    return `checked: it holds in ${modes.length === 1 ? 'the one mode' : `all ${modes.length} modes`}`;
  const offer = offers.find(({ because }) =>
    because.some(({ file, range }) => file === place.file && range.start.offset === place.range.start.offset),
  );
  if (offer === undefined) return 'needs no setting of its own in any mode';
  return `admitted with everything else: ${offer.count} guests in ${offer.modes.length} of ${modes.length} modes`;
}

type Because = Setting['because'][number];

function note(drafts: Map<string, Drafted>, because: Because, setting: Setting, schedule: string): void {
  const { schedulesOf } = draftOf(drafts, because);
  const text = settingText(setting);
  schedulesOf.set(text, (schedulesOf.get(text) ?? new Set()).add(schedule));
}

function draftOf(drafts: Map<string, Drafted>, { file, range: { start, end } }: Because): Drafted {
  const key = keyOf(file, start.offset);
  const known = drafts.get(key);
  if (known !== undefined) return known;
  const made = { file, start: start.offset, end: end.offset, schedulesOf: new Map() };
  drafts.set(key, made);
  return made;
}

function settingText(setting: Setting): string {
  const head = `**${setting.class}** by **${setting.mechanism}**: ${settingSummary(setting)}`;
  return `${head}  \n${settingFidelity(setting)}`;
}

function budgetText({ class: name, per, scope, workNs }: Omit<Plan['budgets'][number], 'because'>): string {
  const each = scope === 'each' ? ' for each guest' : '';
  return `**${name}**: CPU time is counted${each}, ${workNs / 1e9} core-seconds per ${per}`;
}

function written({ file, start, end, schedulesOf }: Drafted, plan: Plan): CompiledSentence {
  const paragraphs = [...schedulesOf].map(([text, schedules]) => `${text}  \n${modesText(schedules, plan)}`);
  return { file, start, end, markdown: paragraphs.join('\n\n') };
}

function modesText(schedules: ReadonlySet<string>, plan: Plan): string {
  const { modes } = plan;
  const own = [...modes.keys()].filter((index) => schedules.has(modes[index]?.schedule ?? ''));
  if (own.length === modes.length) return modes.length === 1 ? 'always' : `in all ${modes.length} modes`;
  const ways = modesWords(plan, own);
  if (ways === null) return `in ${own.length} of ${modes.length} modes`;
  const more = ways.length - WAYS_TOLD;
  const told = [
    ...ways.slice(0, WAYS_TOLD).map((way) => `\`${way}\``),
    ...(more > 0 ? [`${more} other ways`] : []),
  ];
  return `in ${own.length} of ${modes.length} modes: when ${told.join(', or ')}`;
}
