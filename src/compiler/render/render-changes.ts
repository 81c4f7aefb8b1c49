import { groupBy } from '../group-by.js';
import type { Plan, Schedule } from '../plan.js';
import { joinWords, wrap } from './render-text.js';

/** What happens between schedules: which changes take two steps, and whose deadlines are met throughout. */
export function changesLines(plan: Plan, width: number): readonly string[] {
  const texts = [...stepTexts(plan), ...deadlineTexts(plan)];
  return texts.length === 0 ? [] : ['', ...texts.flatMap((text) => wrap(text, width))];
}

function stepTexts({ transitions }: Plan): readonly string[] {
  const steps = transitions
    .filter((one) => one.steps === 'two-step')
    .map(({ from, to }) => `${from} → ${to}`);
  return steps.length === 0
    ? []
    : [`Changes in two steps (shrink, wait a period, grow): ${steps.join(', ')}`];
}

/**
 * In a mode deadlines and windows are kept from the moment on at which its servers are in force; across a change only where
 * the servers are the same before and after.
 */
function deadlineTexts({ classes, schedules }: Plan): readonly string[] {
  if (schedules.length < 2) return [];
  const byText = groupBy(
    classes.flatMap(({ name }) => {
      const text = acrossChanges(name, schedules);
      return text === null ? [] : [{ name, text }];
    }),
    ({ text }) => text,
  );
  return [...byText].map(
    ([text, all]) => `Across changes of mode: ${joinWords(all.map(({ name }) => name))} ${text}`,
  );
}

/** Null: nothing is derived for its tasks or windows. */
function acrossChanges(name: string, schedules: readonly Schedule[]): string | null {
  const kept = schedules.flatMap(({ id, settings }) => {
    const own = settings.find((one) => one.class === name && 'keeps' in one && one.keeps !== undefined);
    return own ? [{ id, terms: termsOf(own) }] : [];
  });
  if (kept.length === 0) return null;
  const byTerms = [...groupBy(kept, ({ terms }) => terms).values()];
  if (byTerms.length > 1) {
    const sets = byTerms.map((all) => all.map(({ id }) => id).join(', '));
    return `may miss a deadline or a window on the way between ${sets.join(' and ')}, where servers differ`;
  }
  return kept.length === schedules.length
    ? 'meets all deadlines and windows, for its servers stay the same'
    : `meets all deadlines and windows between ${kept.map(({ id }) => id).join(', ')}, where its servers are the same`;
}

/** What is set for its vCPUs, as text. */
function termsOf(setting: Schedule['settings'][number]): string {
  if (setting.mechanism === 'reservation') {
    const { budgetNs, periodNs, vcpus } = setting;
    return JSON.stringify([budgetNs, periodNs, vcpus]);
  }
  return setting.mechanism === 'duty' ? JSON.stringify([setting.runNs, setting.periodNs, setting.vcpus]) : '';
}
