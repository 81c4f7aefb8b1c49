import type { Sentence } from '../../lang/model.js';
import { formatDuration } from '../../support/duration.js';
import { coresIn } from '../claims/resource.js';
import { cycleText, formText } from '../demand-text.js';
import type { ReservationDemand } from '../demands/demands.js';
import { groupBy } from '../group-by.js';
import type { VcpuInterface } from '../interface/index.js';
import type { ScheduleProof } from '../plan.js';
import { decimal, joinWords } from '../render/render-text.js';
import { isUniform, rateOf } from '../reservations/reservation-form.js';
import { inOrder, ofSentence } from './contribution.js';
import { meansOf } from './means.js';
import type { Contribution, Point } from './point.js';
import { isAround, meet, spokenOf } from './subjects-around.js';
import type { View } from './view.js';

/** The reservation of a class; of a union, or of all guests, who in it has one. */
export function reservationPoint(view: View): Point | null {
  const { key, demands, context, schedule } = view;
  const reserving = context.population.membersOf(key).filter((member) => demands.reservations.has(member));
  const [first] = reserving;
  if (first === undefined) return null;
  const settings = schedule.settings.filter(
    (one) => one.mechanism === 'reservation' && isAround(key, one.class, context.population),
  );
  return {
    topic: 'reservation',
    says: first === key ? `reserved ${ownText(key, view)}` : `reservations of ${joinWords(reserving)}`,
    from: contributions(view),
    leastOf: [],
    steps: first === key ? [...interfaceSteps(key, view), ...coreSteps(key, view)] : [],
    means: settings.map((setting) => meansOf(setting, view)),
  };
}

/** "353us every 1.13ms on its vCPU (0.3124 cores)". */
function ownText(key: string, { demands, context }: View): string {
  const { vcpus } = demandOf(key, demands);
  const declared = context.population.classes.get(key);
  const each = declared && declared.maxGuests > 1 ? ' for each guest' : '';
  const rate = `, ${coresIn(rateOf({ vcpus }))} in all`;
  const [server] = vcpus;
  if (server && isUniform(vcpus)) {
    const where = vcpus.length === 1 ? 'on its vCPU' : `on each of ${vcpus.length} vCPUs`;
    return `${cycleText(server.budgetNs, server.periodNs)} ${where}${rate}${each}`;
  }
  const texts = vcpus.map(
    ({ budgetNs, periodNs }, index) => `${cycleText(budgetNs, periodNs)} on vCPU ${index}`,
  );
  return `${joinWords(texts)}${rate}${each}`;
}

function demandOf(key: string, { reservations }: View['demands']): ReservationDemand {
  return reservations.get(key) ?? { vcpus: [], sentences: [], mechanism: 'reservation' };
}

function contributions(view: View): readonly Contribution[] {
  const { key, context, situation, demands } = view;
  const deciding = new Set<Sentence>(
    context.population.membersOf(key).flatMap((one) => demandOf(one, demands).sentences),
  );
  return inOrder(
    situation.active.flatMap(({ sentence }) => {
      if (sentence.kind !== 'reserve') return [];
      if (!spokenOf(sentence).some((one) => meet(one, key, context.population))) return [];
      const decides = deciding.has(sentence);
      const role = `asks for ${formText(sentence.form)}${decides ? '' : ', which is less'}`;
      return [ofSentence(sentence, role, decides, view)];
    }),
  );
}

/** How the servers follow from tasks and windows; nothing where the policy says them itself. */
function interfaceSteps(key: string, { demands }: View): readonly string[] {
  const { vcpus } = demandOf(key, demands);
  return vcpus.flatMap(({ interface: derived }, vcpu) => {
    if (derived === null) return [];
    const who = vcpus.length === 1 ? '' : `vCPU ${vcpu}: `;
    return [...taskTexts(derived), ...windowTexts(derived)].map((text) => `${who}${text}`);
  });
}

function taskTexts({ tasks, points, server }: VcpuInterface): readonly string[] {
  const [first, ...others] = points;
  if (tasks.length === 0 || !first) return [];
  const names = tasks.map(
    ({ name, costNs, periodNs, deadlineNs }) =>
      `${name} ${cycleText(costNs, periodNs)}${deadlineNs === periodNs ? '' : ` within ${formatDuration(deadlineNs)}`}`,
  );
  const tightest = others.reduce(
    (a, b) => (b.supplyNs - b.demandNs < a.supplyNs - a.demandNs ? b : a),
    first,
  );
  const { windowNs, demandNs, supplyNs } = tightest;
  return [
    `${joinWords(names)}, the earliest deadline first in the guest: ${cycleText(BigInt(server.budgetNs), BigInt(server.periodNs))} is the cheapest server`,
    `tightest are ${formatDuration(windowNs)}: the tasks may need ${formatDuration(demandNs)} and are sure of ${formatDuration(supplyNs)}` +
      ` (proved at ${points.length} ${points.length === 1 ? 'window' : 'windows'})`,
  ];
}

const windowTexts = ({ windows }: VcpuInterface): readonly string[] =>
  windows.map(
    ({ windowNs, demandNs, supplyNs }) =>
      `any ${formatDuration(windowNs)}: asked for ${formatDuration(demandNs)}, sure of ${formatDuration(supplyNs)}`,
  );

/** Where the servers are and what else is there. */
function coreSteps(key: string, { schedule, context }: View): readonly string[] {
  const { proof, servers } = schedule;
  const reservations: ScheduleProof['reservations'] = proof.reservations;
  if (reservations.test === 'none') return [];
  const switches = `two context switches of ${formatDuration(context.host.contextSwitchesNs / 2n)} a period included`;
  if (reservations.test !== 'partitioned-edf') {
    const name = reservations.test === 'gfb' ? 'Goossens, Funk, Baruah' : 'Devi, Anderson';
    const late =
      reservations.tardinessNs === 0
        ? 'no budget is late'
        : `a budget may be ${formatDuration(reservations.tardinessNs)} late`;
    return [
      `on any of ${reservations.cores} cores, for threads cannot be placed here: all servers come to ` +
        `${decimal(reservations.sum)} of at most ${decimal(reservations.limit)} (${name}; ${switches}): ${late}`,
    ];
  }
  const own = reservations.cores.flatMap((core) => {
    const here = core.servers.flatMap((index) => servers[index] ?? []);
    const mine = here.filter((server) => server.class === key);
    return mine.length === 0 ? [] : [{ core, mine, others: here.length - mine.length }];
  });
  const guests = context.population.classes.get(key)?.maxGuests ?? 1;
  return own.map(({ core, mine, others }) => {
    const threads = [...groupBy(mine, ({ thread }) => thread)].map(([thread, all]) => {
      const name = thread === 'main' ? 'main loop' : thread.replace('vcpu', 'vCPU');
      return guests > 1 && all.length > 1 ? `${name} × ${all.length}` : name;
    });
    const rest = others === 0 ? '' : ` and ${others} ${others === 1 ? 'server' : 'servers'} of others`;
    return (
      `core ${core.core}: ${joinWords(threads)}${rest} come to ${decimal(core.utilisation)} of at most ` +
      `${decimal(core.limit)} (${switches}): under EDF no deadline is missed`
    );
  });
}
