import type { Matcher, Plan, PlanClass } from '../compiler/plan.js';
import type { Guest } from '../qemu/guest.js';
import { matchesGlob } from '../support/glob.js';
import type { FindingDraft } from './findings.js';

export interface ClassifiedGuest {
  readonly guest: Guest;
  /** Null: among `others`. */
  readonly class: string | null;
  /** Which guest of the class, from 0; among `others`, in the order in which they came. */
  readonly member: number;
  /** False: it has more vCPUs than its class declares, so restrictions bind it and promises do not. */
  readonly promised: boolean;
}

/**
 * Who is what, kept while a guest lives. The unit and the cgroup are those in which it was first seen, since gathering
 * moves it: a class matched by them must not end because of that.
 */
export type Assignment = ReadonlyMap<string, Assigned>;
interface Assigned {
  readonly unit: string | null;
  readonly cgroup: string;
  readonly class: string | null;
  readonly member: number;
}
export const NO_ASSIGNMENT: Assignment = new Map();

export interface Classification {
  readonly assignment: Assignment;
  readonly classified: readonly ClassifiedGuest[];
  readonly findings: readonly FindingDraft[];
}

/**
 * Guests to classes, but for the owner's own, which are ignored: the first class in file order that matches takes a guest, while it has a place. Members keep their
 * places; a free place goes to the guest that waits longest. Pure; equal inputs in any order give equal answers.
 */
export function classify(plan: Plan, previous: Assignment, guests: readonly Guest[]): Classification {
  const assignment = new Map<string, Assigned>();
  // INVARIANT: who is ignored now is in no assignment; it is never moved, so it stays ignored by what it is matched by.
  const taken = new Map<string | null, Set<number>>();
  const findings: FindingDraft[] = [];
  const found = [...new Map(guests.map((guest) => [guest.key, guest])).values()].sort(olderFirst);
  const firstOnes = new Map(
    found.map((guest) => [guest.key, firstMatch(plan, previous.get(guest.key), guest)]),
  );
  const byAge = found.filter(({ key }) => firstOnes.get(key) !== 'ignored');
  const wanted = new Map(
    [...firstOnes].flatMap(([key, match]) => (match === 'ignored' ? [] : [[key, match] as const])),
  );

  const place = (guest: Guest, className: string | null, member: number): void => {
    const { unit, cgroup } = previous.get(guest.key) ?? guest;
    assignment.set(guest.key, { unit, cgroup, class: className, member });
    const members = taken.get(className) ?? new Set();
    taken.set(className, members.add(member));
  };
  for (const guest of byAge) {
    const before = previous.get(guest.key);
    const one = wanted.get(guest.key) ?? null;
    if (before && before.class === (one?.name ?? null) && before.member < (one?.maxGuests ?? Infinity)) {
      place(guest, before.class, before.member);
    }
  }
  for (const guest of byAge) {
    if (assignment.has(guest.key)) continue;
    const one = wanted.get(guest.key) ?? null;
    const member = one && lowestFree(taken.get(one.name), one.maxGuests);
    if (one && member !== null) {
      place(guest, one.name, member);
    } else {
      if (one) findings.push(excess(guest, one));
      const before = previous.get(guest.key);
      const keeps = before?.class === null && !taken.get(null)?.has(before.member);
      place(guest, null, keeps ? before.member : (lowestFree(taken.get(null), Infinity) ?? 0));
    }
  }

  const classified = byAge.map((guest) => {
    const assigned = assignment.get(guest.key) as Assigned;
    const one = plan.classes.find((candidate) => candidate.name === assigned.class);
    const promised = one !== undefined && guest.vcpus.length <= one.vcpus;
    if (one && !promised) findings.push(tooManyVcpus(guest, one));
    return { guest, class: assigned.class, member: assigned.member, promised };
  });
  return { assignment, classified, findings };
}

/** The first class in file order whose matchers take the guest, unless it is ignored in front of that; null: none. */
function firstMatch(
  { classes, ignored }: Plan,
  seen: Assigned | undefined,
  guest: Guest,
): PlanClass | 'ignored' | null {
  const origin = seen ? { ...guest, unit: seen.unit, cgroup: seen.cgroup } : guest;
  const fits = (all: readonly Matcher[]) => all.every((matcher) => matches(matcher, origin));
  const taker = classes.findIndex(({ match }) => match.some(fits));
  const before = taker < 0 ? classes.length : taker;
  if (ignored.some(({ beforeClass, match }) => beforeClass <= before && fits(match))) return 'ignored';
  return classes[taker] ?? null;
}

function matches({ attribute, pattern }: Matcher, guest: Guest): boolean {
  switch (attribute) {
    case 'arg':
      return guest.commandLine.some((word) => matchesGlob(pattern, word));
    case 'uuid':
      return guest.uuid?.toLowerCase() === pattern.toLowerCase();
    case 'name':
    case 'user':
    case 'unit':
    case 'cgroup': {
      const value = guest[attribute];
      return value !== null && matchesGlob(pattern, value);
    }
  }
}

function olderFirst(a: Guest, b: Guest): number {
  if (a.startTime !== b.startTime) return a.startTime < b.startTime ? -1 : 1;
  return a.pid - b.pid;
}

function lowestFree(taken: ReadonlySet<number> | undefined, limit: number): number | null {
  let member = 0;
  while (taken?.has(member)) member += 1;
  return member < limit ? member : null;
}

const called = (guest: Guest): string =>
  guest.name === null ? `guest ${guest.pid}` : `guest ${guest.name} (${guest.pid})`;

function excess(guest: Guest, one: PlanClass): FindingDraft {
  const places = one.kind === 'vm' ? 'one guest at a time' : `up to ${one.maxGuests}`;
  return {
    code: 'excess-guest',
    severity: 'warning',
    subject: guest.key,
    message: `${called(guest)} matches ${one.name}, which takes ${places} and is full`,
    fallback: `it is among others until a guest of ${one.name} ends`,
  };
}

function tooManyVcpus(guest: Guest, one: PlanClass): FindingDraft {
  return {
    code: 'too-many-vcpus',
    severity: 'warning',
    subject: guest.key,
    message: `${called(guest)} has ${guest.vcpus.length} vCPUs; ${one.name} declares ${one.vcpus}, and only that many are admitted`,
    fallback: 'it has no reservation; ceilings and duty cycles bind it all the same',
  };
}
