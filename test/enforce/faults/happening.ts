import type { SimulatedHost } from '../../../src/enforce/simulated/simulated-host.js';
import type { SimulatedSignals } from '../../../src/enforce/simulated/simulated-signals.js';
import type { Random } from '../../grammar/random.js';
import { GUEST_NAMES } from '../support/arbitrary-plan.js';
import { EFFECTS, type Effect, type Fault, type FaultyHost, WAYS, type Way } from './faulty-host.js';

/** Something that happens to a host while it is enforced; then so many seconds pass (0: one step is made). */
export type Happening = { readonly seconds: number } & (
  | { readonly what: 'boot'; readonly name: string }
  | { readonly what: 'end' | 'user-stops' | 'user-continues'; readonly at: number }
  | { readonly what: 'flag'; readonly value: number | null }
  | { readonly what: 'owner'; readonly threads: number }
  /** Back or forward; a suspend of the host is one forward. */
  | { readonly what: 'clock'; readonly byMs: number }
  | { readonly what: 'lose-group'; readonly at: number }
  /** Another policy takes the place of the one in force. */
  | { readonly what: 'reload'; readonly plan: 0 | 1 }
  | ({ readonly what: 'fault' } & Fault)
);

const WEIGHTS: readonly (readonly [Happening['what'], number])[] = [
  ['boot', 3],
  ['end', 1],
  ['user-stops', 1],
  ['user-continues', 1],
  ['flag', 4],
  ['owner', 1],
  ['clock', 1],
  ['lose-group', 1],
  ['reload', 1],
  ['fault', 10],
];
const KINDS = WEIGHTS.flatMap(([what, weight]) => Array.from({ length: weight }, () => what));
/** Those that are met most often when something changes. */
const FREQUENT: readonly Effect[] = [
  'observe',
  'gather',
  'set-weight',
  'reserve',
  'set-timetable',
  'set-knob',
];

const FIELDS: Readonly<Record<Happening['what'], readonly string[]>> = {
  boot: ['name'],
  end: ['at'],
  'user-stops': ['at'],
  'user-continues': ['at'],
  flag: ['value'],
  owner: ['threads'],
  clock: ['byMs'],
  'lose-group': ['at'],
  reload: ['plan'],
  fault: ['effect', 'way', 'times'],
};

/** One event from its JSON; null for what is none, as a part of a line is. */
export function parseHappening(line: string): Happening | null {
  try {
    const event = JSON.parse(line) as Happening;
    const fields = FIELDS[event.what] as readonly string[] | undefined;
    return fields && ['seconds', ...fields].every((field) => field in event) ? event : null;
  } catch {
    return null;
  }
}

export function randomHappening(random: Random): Happening {
  const seconds = random.pick([0, 0.03, 0.4, 1, 2.5]);
  const what = random.pick(KINDS);
  const at = random.below(20);
  switch (what) {
    case 'boot':
      return { what, name: random.pick(GUEST_NAMES), seconds };
    case 'end':
    case 'user-stops':
    case 'user-continues':
    case 'lose-group':
      return { what, at, seconds };
    case 'flag':
      return { what, value: random.pick([0, 1, null]), seconds };
    case 'owner':
      return { what, threads: random.below(5), seconds };
    case 'clock':
      return { what, byMs: random.between(-9e6, 9e6), seconds };
    case 'reload':
      return { what, plan: random.chance(0.5) ? 0 : 1, seconds };
    case 'fault': {
      const effect = random.pick(random.chance(0.5) ? FREQUENT : EFFECTS);
      return { what, effect, way: random.pick<Way>(WAYS), times: random.between(1, 4), seconds };
    }
  }
}

/** Makes it happen; a reload is its caller's. */
export function happen(
  event: Happening,
  { simulated: host, arm }: { readonly simulated: SimulatedHost; readonly arm: FaultyHost['arm'] },
  signals: SimulatedSignals,
): void {
  const guest = 'at' in event ? host.guests[event.at % Math.max(1, host.guests.length)] : undefined;
  switch (event.what) {
    case 'boot':
      host.boot({ name: event.name, vcpus: event.name === 'a' ? ['busy', 'busy'] : ['busy'] });
      return;
    case 'end':
      if (guest) host.end(guest.key);
      return;
    case 'user-stops':
      // One that is held is stopped already: the kernel cannot tell its user's wish from ours.
      if (guest && !guest.heldByUs) host.userStops(guest.key);
      return;
    case 'user-continues':
      if (guest) host.userContinues(guest.key);
      return;
    case 'flag':
      signals.set('flag', event.value);
      return;
    case 'owner':
      host.setOwner(...Array.from({ length: event.threads }, () => 'busy' as const));
      return;
    case 'clock':
      host.jumpWallClock(event.byMs);
      return;
    case 'lose-group': {
      const groups = host.groupPaths;
      const path = groups[event.at % Math.max(1, groups.length)];
      if (path) host.loseGroup(path);
      return;
    }
    case 'fault':
      arm(event);
      return;
    case 'reload':
      return;
  }
}
