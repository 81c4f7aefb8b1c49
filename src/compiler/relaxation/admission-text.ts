import type { Sentence } from '../../lang/model.js';
import {
  compare,
  floor,
  formatRational,
  multiply,
  type Rational,
  rational,
  subtract,
  ZERO,
} from '../../support/rational.js';
import { combine } from '../demands/combine.js';
import { sum } from '../exact.js';
import { groupBy } from '../group-by.js';
import type { Situation } from '../modes/situation.js';
import { hasTiming, type PlanningContext } from '../planning-context.js';
import { namedCores } from '../render/render-text.js';
import { type AdmissionCase, isTiming, totalUtilisation } from '../reservations/admission.js';
import { coreRooms, keepingOrder } from '../reservations/placement.js';
import { type ServerDemand, serversOf, timingServer } from '../reservations/server-demand.js';
import { trialOf } from './trial.js';

const TERMS_SHOWN = 12;

/** The sums of the servers that some sentences of a situation come to against what there is; of all where none are given. */
export function admissionText(
  culprits: readonly Sentence[],
  { situation, sentences }: { readonly situation: Situation; readonly sentences: readonly Sentence[] },
  context: PlanningContext,
): string {
  const given = culprits.length > 0 ? culprits : sentences;
  const trial = trialOf(given, { situation, context }, culprits.length > 0);
  const demands = combine(trial.situation, { ...trial.context, isTrial: true });
  const { host, population } = context;
  const servers = serversOf(demands, population, host);
  const timing = hasTiming(trial.situation, trial.context) ? [timingServer(host)] : [];
  return arithmetic({ servers: [...servers, ...timing], keep: demands.keep?.cores ?? ZERO }, context);
}

/** "video: 2 × 0.5002 + 0.052 = 1.0524; …; together 2.1 of 1.9 (2 × 0.95)". */
function arithmetic({ servers, keep }: AdmissionCase, { host }: PlanningContext): string {
  const byClass = groupBy(servers, (one) => (isTiming(one) ? '' : one.class));
  const terms = [...byClass].map(([name, own]) =>
    name === '' ? `vmc's timing thread takes ${short(totalUtilisation(own))}` : classTerm(name, own),
  );
  const rooms = coreRooms(host, keep, keepingOrder(host, servers));
  const capacity = sum(rooms.map(({ limit }) => limit));
  const needed = totalUtilisation(servers);
  const kept = compare(keep, ZERO) > 0 ? ` with ${formatRational(keep)} kept for the owner` : '';
  const room = `${short(capacity)} cores (${roomText(rooms)})`;
  const verdict =
    compare(needed, capacity) > 0
      ? `together ${short(needed)} of ${room}${kept}`
      : `together ${short(needed)} of ${room}${kept}, but ${crowding(servers, rooms) ?? 'they cannot be placed: no thread may be on two cores'}`;
  const hidden = terms.length - TERMS_SHOWN;
  const rest = hidden > 0 ? [`${hidden} more classes take their part`] : [];
  return [...terms.slice(0, TERMS_SHOWN), ...rest, verdict].join('; ');
}

/** Those that may be on the same few cores, and need more than these have; null: nobody does. */
function crowding(servers: readonly ServerDemand[], rooms: ReturnType<typeof coreRooms>): string | null {
  const confined = servers.filter(({ cores }) => cores !== null && cores.length < rooms.length);
  for (const own of groupBy(confined, ({ cores }) => cores?.join() ?? '').values()) {
    const cores = own[0]?.cores ?? [];
    const has = sum(rooms.filter(({ core }) => cores.includes(core)).map(({ limit }) => limit));
    const needs = totalUtilisation(own);
    if (compare(needs, has) <= 0) continue;
    return `${short(needs)} of it may be on ${namedCores(cores)} only, where there is ${short(has)}`;
  }
  return null;
}

function classTerm(name: string, servers: readonly ServerDemand[]): string {
  const vcpu = servers.filter(({ thread }) => thread !== 'main');
  const main = servers.filter(({ thread }) => thread === 'main');
  const part = (own: readonly ServerDemand[]) =>
    [...groupBy(own, ({ utilisation }) => short(utilisation))]
      .map(([each, all]) => `${all.length} × ${each}`)
      .join(' + ');
  return `${name} takes ${part(vcpu)} for vCPUs + ${part(main)} for main loops = ${short(totalUtilisation(servers))}`;
}

function roomText(rooms: ReturnType<typeof coreRooms>): string {
  const byLimit = groupBy(
    rooms.filter(({ limit }) => compare(limit, ZERO) > 0),
    ({ limit }) => short(limit),
  );
  return [...byLimit].map(([limit, own]) => `${own.length} × ${limit}`).join(' + ') || 'none';
}

/** Four decimals, rounded down; for reading only. */
export function short(value: Rational): string {
  const tenThousandths = floor(multiply(value, rational(10_000n)));
  const rest = subtract(value, rational(tenThousandths, 10_000n));
  const text = formatRational(rational(tenThousandths, 10_000n));
  return compare(rest, ZERO) > 0 && tenThousandths === 0n ? '0.0001' : text;
}
