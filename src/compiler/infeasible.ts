import {
  compare,
  floor,
  formatRational,
  multiply,
  type Rational,
  rational,
  subtract,
  ZERO,
} from '../support/rational.js';
import { type AdmissionCase, admitOne, isTiming, totalUtilisation } from './admission.js';
import { feasibility } from './catalogue.js';
import { combine } from './combine.js';
import type { CombineContext } from './combine-context.js';
import { shownIn } from './demand-text.js';
import { sum } from './exact.js';
import { Findings, pointAt } from './findings.js';
import { groupBy } from './group-by.js';
import { coreRooms } from './placement.js';
import { changes, irreducible, isRelaxable, mechanismsFor, type Relaxable } from './relaxation.js';
import { type ServerDemand, serversOf, TIMING_SERVER } from './server-demand.js';
import type { Situation } from './situation.js';

/** Enough for a hint; the verdict itself was made by the full search. */
const HINT_SEARCH_NODES = 2000;
/** Sentences × servers up to which a smallest set of sentences is looked for; beyond, all of them are named. */
const HINT_WORK = 100_000;
const TERMS_SHOWN = 12;

/** Reports why the reservations of a situation cannot be admitted, and the smallest changes that would help. */
export function reportInfeasible(
  situation: Situation,
  refused: AdmissionCase,
  proof: boolean,
  context: CombineContext,
): void {
  const timing = refused.servers.some(isTiming);
  const caseOf = (sentences: readonly Relaxable[]): AdmissionCase => {
    const demands = combine(
      { ...situation, active: sentences.map((sentence) => ({ sentence, certain: true })) },
      { ...context, mechanisms: mechanismsFor(sentences, context.mechanisms), findings: new Findings() },
    );
    const servers = serversOf(demands, context.population);
    return {
      servers: timing ? [...servers, TIMING_SERVER] : servers,
      keep: demands.keep?.cores ?? ZERO,
    };
  };
  const fits = (sentences: readonly Relaxable[]) =>
    admitOne(caseOf(sentences), context.host, HINT_SEARCH_NODES).ok;
  const all = situation.active
    .map(({ sentence }) => sentence)
    .filter((sentence): sentence is Relaxable => isRelaxable(sentence) && context.mechanisms.has(sentence));
  const small = all.length * refused.servers.length <= HINT_WORK;
  const culprits = small ? irreducible(all, fits) : all;
  if (culprits.length === 0) return;
  const forAll = small ? changes(culprits, all, context.host, fits) : [];
  // Where other sentences stand in the way as well, what helps these at least.
  const helping = forAll.length > 0 || !small ? forAll : changes(culprits, culprits, context.host, fits);
  const { place, related } = pointAt(culprits, ({ text }) => `and this: ${text}`);
  const first = helping[0];
  context.findings.add(
    feasibility.reservationsDoNotFit.at(
      place,
      {
        arithmetic: arithmetic(caseOf(culprits), context),
        proof,
        changes: helping.map(({ text }) => `"${text}"`),
        ...shownIn(situation),
      },
      first ? { related, fix: first.fix } : { related },
    ),
  );
}

/** "video: 2 × 0.5002 + 0.052 = 1.0524; …; together 2.1 of 1.9 (2 × 0.95)". */
function arithmetic({ servers, keep }: AdmissionCase, { host }: CombineContext): string {
  const byClass = groupBy(servers, (one) => (isTiming(one) ? '' : one.class));
  const terms = [...byClass].map(([name, own]) =>
    name === '' ? `vmc's timing thread takes ${short(totalUtilisation(own))}` : classTerm(name, own),
  );
  const rooms = coreRooms(host, keep);
  const capacity = sum(rooms.map(({ limit }) => limit));
  const needed = totalUtilisation(servers);
  const kept = compare(keep, ZERO) > 0 ? ` with ${formatRational(keep)} kept for the owner` : '';
  const room = `${short(capacity)} cores (${roomText(rooms)})`;
  const verdict =
    compare(needed, capacity) > 0
      ? `together ${short(needed)} of ${room}${kept}`
      : `together ${short(needed)} of ${room}${kept}, but they cannot be placed: no thread may be on two cores`;
  const hidden = terms.length - TERMS_SHOWN;
  const rest = hidden > 0 ? [`${hidden} more classes take their part`] : [];
  return [...terms.slice(0, TERMS_SHOWN), ...rest, verdict].join('; ');
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
