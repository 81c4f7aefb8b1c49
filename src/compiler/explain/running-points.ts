import { formatDuration } from '../../support/duration.js';
import { cycleText } from '../demand-text.js';
import type { Timetable } from '../plan.js';
import { inOrder, ofSentence } from './contribution.js';
import { meansOf } from './means.js';
import type { Contribution, Point } from './point.js';
import { meet, spokenOf } from './subjects-around.js';
import type { View } from './view.js';

/** Whether a class is paused: then its other bounds on CPU say nothing. */
export const isPaused = ({ key, demands, context }: View): boolean => {
  const members = context.population.membersOf(key);
  return members.length > 0 && members.every((one) => demands.duties.get(one)?.runNs === 0n);
};

/** Paused, running for a time, yielding, ended; null: it runs as it likes. */
export function runningPoint(view: View): Point | null {
  const { key, context, schedule } = view;
  const says = statesOf(view);
  if (says === null) return null;
  const settings = schedule.settings.filter(
    (setting) => meet(setting.class, key, context.population) && decidesRunning(setting, view),
  );
  return {
    topic: 'running',
    says,
    from: contributions(view),
    leastOf: [],
    steps: windowTexts(schedule.timetable, view),
    means: settings.map((setting) => meansOf(setting, view)),
  };
}

function decidesRunning(setting: View['schedule']['settings'][number], view: View): boolean {
  const { demands } = view;
  const paused = isPaused({ ...view, key: setting.class });
  if (setting.mechanism === 'stop') return true;
  if (setting.mechanism === 'share') return setting.idle === true && !paused;
  const stops = setting.mechanism === 'duty' || setting.mechanism === 'freezer';
  return stops && demands.duties.has(setting.class);
}

/**
 * "paused", "runs 200ms every 1s"; of a union whose members differ, "build paused, batch runs 200ms every
 * 1s".
 */
function statesOf(view: View): string | null {
  const { key, context } = view;
  const states = context.population.membersOf(key).map((member) => ({ member, text: stateOf(member, view) }));
  const texts = new Set(states.map(({ text }) => text));
  const [only] = texts;
  if (texts.size === 1) return only ?? null;
  const told = states.filter(({ text }) => text !== null);
  return told.length === 0 ? null : told.map(({ member, text }) => `${member} ${text}`).join(', ');
}

function stateOf(member: string, { demands }: View): string | null {
  const [duty, stop] = [demands.duties.get(member), demands.stops.get(member)];
  const parts = [
    ...(stop ? [`asked to power down, ended after ${formatDuration(stop.withinNs)}`] : []),
    ...(duty ? [duty.runNs === 0n ? 'paused' : `runs ${cycleText(duty.runNs, duty.periodNs)}`] : []),
    ...(isYielding(member, demands) ? ['runs only when nothing else wants the CPU'] : []),
  ];
  return parts.length === 0 ? null : parts.join(', ');
}

/** What is paused has nothing to yield. */
const isYielding = (member: string, { duties, yields }: View['demands']): boolean =>
  yields.has(member) && duties.get(member)?.runNs !== 0n;

function contributions(view: View): readonly Contribution[] {
  const { key, context, demands, situation } = view;
  const members = context.population.membersOf(key);
  const deciding = new Set(
    members.flatMap((one) => [
      ...(demands.duties.get(one)?.sentences ?? []),
      ...(isYielding(one, demands) ? (demands.yields.get(one) ?? []) : []),
      ...(demands.stops.get(one)?.sentences ?? []),
    ]),
  );
  return inOrder(
    situation.active.flatMap(({ sentence }): Contribution[] => {
      if (!spokenOf(sentence).some((one) => meet(one, key, context.population))) return [];
      const role = roleOf(sentence);
      if (role === null) return [];
      const decides = deciding.has(sentence);
      return [ofSentence(sentence, `${role}${decides ? '' : ', if nothing stricter held'}`, decides, view)];
    }),
  );
}

function roleOf(sentence: View['situation']['active'][number]['sentence']): string | null {
  switch (sentence.kind) {
    case 'pause':
      return 'pauses it';
    case 'run':
      return `lets it run ${cycleText(sentence.runNs, sentence.periodNs)}`;
    case 'yield':
      return 'makes it yield';
    case 'stop':
      return 'ends it';
    default:
      return null;
  }
}

/** Windows told of each class. */
const MOST_WINDOWS = 3;

/** When its guests run, from the timetable. */
export function windowTexts(timetable: Timetable | null, { key, context }: View): readonly string[] {
  const members = new Set(context.population.membersOf(key));
  const own = timetable?.windows.filter((window) => members.has(window.class)) ?? [];
  if (timetable === null || own.length === 0) return [];
  const shown = own.slice(0, MOST_WINDOWS).map(({ class: name, member, startNs, endNs }) => {
    const guests = context.population.classes.get(name)?.maxGuests ?? 0;
    const who = members.size > 1 || guests > 1 ? `${name}${guests > 1 ? ` ${member + 1}` : ''} ` : '';
    return `${who}from ${formatDuration(startNs)} to ${formatDuration(endNs)}`;
  });
  const more = own.length > shown.length ? `, and ${own.length - shown.length} more windows` : '';
  return [`in every ${formatDuration(timetable.hyperperiodNs)}: ${shown.join(', ')}${more}`];
}
