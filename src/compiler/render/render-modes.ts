import { modeWords, type Words } from '../explain/mode-words.js';
import type { Plan } from '../plan.js';
import { joinWords, wrap } from './render-text.js';

/**
 * The modes in which any of some schedules applies, for reading: how many, an instant of one, and under
 * which conditions.
 */
export function modesLines(plan: Plan, schedules: readonly string[], width: number): readonly string[] {
  const ids = new Set(schedules);
  const own = [...plan.modes.keys()].filter((index) => ids.has(plan.modes[index]?.schedule ?? ''));
  const head = `${idsText(schedules)}, ${countText(own.length, plan.modes.length)}`;
  if (own.length === plan.modes.length) return [head];
  const example = own.map((index) => plan.modes[index]?.example ?? null).find((one) => one !== null) ?? null;
  return [
    ...wrap(example === null ? head : `${head}, for example at ${instantText(example)}`, width),
    ...whenLines(plan, own, width),
  ];
}

/**
 * Ways in which some modes come about, by their indices: "office and not busy". None: always. Null: few
 * words do not tell.
 */
export function modesWords({ modes, conditions }: Plan, own: readonly number[]): Words {
  const names = conditions.map(({ id }) => id);
  // INVARIANT: a mode has a value for each condition.
  const values = modes.map(({ when }) => names.map((name) => when[name]!));
  return modeWords(own, values, names);
}

/** Ids before "and N more". */
const IDS_NAMED = 3;

/** "Schedules s1, s4 and s5", "Schedules s1, s2, s4 and 28 more". */
function idsText(ids: readonly string[]): string {
  if (ids.length === 1) return `Schedule ${ids.join()}`;
  const more = ids.length - IDS_NAMED;
  return `Schedules ${joinWords(more > 1 ? [...ids.slice(0, IDS_NAMED), `${more} more`] : ids)}`;
}

function countText(own: number, all: number): string {
  if (own < all) return `in ${own} of ${all} modes`;
  if (all <= 2) return all === 1 ? 'always' : 'in both modes';
  return `in all ${all} modes`;
}

/** Modes named, where few words do not tell when they come about. */
const MODES_NAMED = 4;

function whenLines(plan: Plan, own: readonly number[], width: number): readonly string[] {
  const words = modesWords(plan, own);
  if (words !== null) {
    return words.flatMap((text, index) => wrap(text, width, index === 0 ? '  when ' : '    or ', '      '));
  }
  const named = own.slice(0, MODES_NAMED).flatMap((index) => plan.modes[index]?.id ?? []);
  const more = own.length - named.length;
  return [
    ...named.flatMap((id) => wrap(id, width, '  - ', '    ')),
    ...(more > 0 ? [`  - and ${more} more`] : []),
  ];
}

const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/**
 * "Wed 2026-12-02 09:00" of an instant in RFC 9557: on the clock of the plan's time zone, which the page
 * names.
 */
function instantText(instant: string): string {
  const [, date = '', clock = ''] = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)/.exec(instant) ?? [];
  return date === '' ? instant : `${WEEKDAYS[new Date(`${date}T00:00Z`).getUTCDay()]} ${date} ${clock}`;
}
