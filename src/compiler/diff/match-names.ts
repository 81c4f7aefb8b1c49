import type { GuestClass, Model } from '../../lang/model.js';
import { withOffers } from '../demands/offers.js';
import { describe } from './declarations.js';
import type { Renames } from './rename.js';

/**
 * Classes, unions and offers that are gone, and whose declaration another has now that was not there: they
 * have been renamed. Where several are alike, in the order of the text.
 */
export function renamesBetween(old: Model, now: Model): Renames {
  const [before, after] = [withOffers(old), withOffers(now)];
  const taken = new Set([...before.classes, ...before.unions].map(({ name }) => name));
  const kept = new Set([...after.classes, ...after.unions].map(({ name }) => name));
  const renames = new Map<string, string>();
  const isGone = ({ name }: { readonly name: string }) => !kept.has(name);
  const isNew = ({ name }: { readonly name: string }) => !taken.has(name);
  pair(before.classes.filter(isGone), after.classes.filter(isNew), classText, renames);
  const membersText = (members: readonly string[]) => [...members].sort().join('\n');
  pair(
    before.unions.filter(isGone),
    after.unions.filter(isNew),
    ({ members }) => membersText(members),
    renames,
    ({ members }) => membersText(members.map((name) => renames.get(name) ?? name)),
  );
  return renames;
}

/** What a class is but for its name. Different classes that match the same guests cannot both be there. */
const classText = (one: GuestClass): string => [one.kind, ...describe(one)].join('\n');

function pair<T extends { readonly name: string }>(
  gone: readonly T[],
  fresh: readonly T[],
  textOf: (one: T) => string,
  renames: Map<string, string>,
  oldTextOf: (one: T) => string = textOf,
): void {
  const left = [...fresh];
  for (const one of gone) {
    const text = oldTextOf(one);
    const index = left.findIndex((other) => textOf(other) === text);
    const [found] = index < 0 ? [] : left.splice(index, 1);
    if (found) renames.set(one.name, found.name);
  }
}
