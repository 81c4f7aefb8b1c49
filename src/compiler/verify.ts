import type { Plan, Schedule, ScheduleProof } from './plan.js';
import { planChecksum } from './plan-checksum.js';
import {
  above,
  decimalFraction,
  equal,
  type Fraction,
  minus,
  parse,
  plus,
  rounded,
  show,
  times,
  zero,
} from './verify-fractions.js';
import { gapProblems, latenessIn, tardiness } from './verify-gaps.js';
import { interfaceProblems } from './verify-interface.js';
import { coreIds, coreLimit, slowestLimit, utilisationOn, withTiming } from './verify-servers.js';
import { settingProblems } from './verify-settings.js';
import { transitionProblems } from './verify-transitions.js';

/*
 * Re-checks the certificate of a plan. On purpose it shares nothing with the compiler: straightforward sums over what
 * the plan itself says, in exact fractions. The compiler may be clever; this must be obvious.
 */

/** What is wrong with a plan's certificate, in sentences; empty when everything in it holds. */
export function verifyPlan(plan: Plan): readonly string[] {
  try {
    return [
      ...modeProblems(plan),
      ...plan.schedules.flatMap((one) => scheduleProblems(one, plan)),
      ...transitionProblems(plan),
      ...(plan.certificate.checksum === planChecksum(plan) ? [] : ['the plan is not what was compiled']),
    ];
  } catch (error) {
    return [`the plan cannot be read: ${error instanceof Error ? error.message : String(error)}`];
  }
}

function modeProblems({ planVersion, modes, conditions, schedules }: Plan): readonly string[] {
  const problems: string[] = [];
  if (planVersion !== 1) problems.push(`plan version ${planVersion} is not known`);
  const ids = new Set(schedules.map(({ id }) => id));
  if (ids.size !== schedules.length) problems.push('two schedules have the same id');
  if (new Set(modes.map(({ id }) => id)).size !== modes.length) problems.push('two modes have the same id');
  const vectors = new Set(modes.map(({ when }) => JSON.stringify(conditions.map(({ id }) => when[id]))));
  if (vectors.size !== modes.length) problems.push('two modes have the same condition values');
  for (const { id, when, schedule } of modes) {
    if (!ids.has(schedule)) problems.push(`mode "${id}" names schedule ${schedule}, which does not exist`);
    const missing = conditions.find((condition) => when[condition.id] === undefined);
    if (missing) problems.push(`mode "${id}" has no value for condition "${missing.id}"`);
  }
  return problems;
}

function scheduleProblems(schedule: Schedule, plan: Plan): readonly string[] {
  const proof = plan.certificate.schedules.find((one) => one.schedule === schedule.id);
  if (!proof) return [`schedule ${schedule.id} has no proof`];
  return [
    ...serverProblems(schedule, plan),
    ...gapProblems(schedule, latenessIn(schedule, proof, plan), plan),
    ...interfaceProblems(schedule, plan),
    ...settingProblems(schedule, plan),
    ...reservationProblems(schedule, proof, plan),
    ...shareProblems(schedule, proof, plan),
    ...weightProblems(schedule, proof),
    ...timetableProblems(schedule, plan),
  ].map((problem) => `schedule ${schedule.id}: ${problem}`);
}

/** Every vCPU and main loop of every guest with a reservation has its server, and no other thread has one. */
function serverProblems({ settings, servers }: Schedule, plan: Plan): readonly string[] {
  const expected = new Map<string, string>();
  for (const setting of settings) {
    if (setting.mechanism !== 'reservation') continue;
    const declared = plan.classes.find(({ name }) => name === setting.class);
    if (!declared) return [`${setting.class} has a reservation and is no class`];
    for (let member = 0; member < declared.maxGuests; member++) {
      for (let vcpu = 0; vcpu < declared.vcpus; vcpu++) {
        const { budgetNs, periodNs } = setting.vcpus?.[vcpu] ?? setting;
        expected.set(`${setting.class} ${member} vcpu ${vcpu}`, `${budgetNs}/${periodNs}`);
      }
      const { budgetNs, periodNs } = setting.overhead;
      expected.set(`${setting.class} ${member} main`, `${budgetNs}/${periodNs}`);
    }
  }
  const problems: string[] = [];
  for (const { class: name, member, thread, budgetNs, periodNs } of servers) {
    const key = `${name} ${member} ${thread}`;
    if (expected.get(key) !== `${budgetNs}/${periodNs}`)
      problems.push(`the server of ${key} is not what its setting says`);
    expected.delete(key);
  }
  for (const key of expected.keys()) problems.push(`${key} has no server`);
  return problems;
}

function reservationProblems(
  schedule: Schedule,
  { reservations: proof, shares }: ScheduleProof,
  plan: Plan,
): readonly string[] {
  const { servers, timing } = schedule;
  switch (proof.test) {
    case 'none':
      return servers.length > 0 || timing ? ['servers without a proof'] : [];
    case 'gfb':
    case 'devi-anderson':
      return globalProblems(schedule, proof, shares, plan);
    case 'partitioned-edf':
      break;
  }
  const problems: string[] = [];
  const placed = new Set<number>();
  const utilisation = utilisationOn(plan.host);
  const unused = new Set(coreIds(plan.host));
  for (const row of proof.cores) {
    if (!unused.delete(row.core)) problems.push(`core ${row.core} is not the host's, or counted twice`);
    const sums = row.servers.map((index) => {
      const server = servers[index];
      if (!server || server.core !== row.core || placed.has(index)) {
        problems.push(`server ${index} is not on core ${row.core}, or on two`);
        return zero;
      }
      placed.add(index);
      return utilisation(server);
    });
    if (timing && timing.core === row.core) sums.push(utilisation(timing));
    const total = sums.reduce(plus, zero);
    if (!equal(total, parse(row.utilisation)))
      problems.push(`core ${row.core} does not sum to ${row.utilisation}`);
    if (above(total, parse(row.limit))) problems.push(`core ${row.core} holds more than ${row.limit}`);
    if (above(parse(row.limit), coreLimit(row.core, plan.host)))
      problems.push(`the limit of core ${row.core} is above the host's`);
  }
  if (placed.size !== servers.length) problems.push('a server is on no core');
  if (timing && !proof.cores.some(({ core }) => core === timing.core))
    problems.push('the timing thread is on no core');
  return [...problems, ...keepProblems(proof.cores, shares, plan)];
}

/** Of k cores kept for the owner ⌊k⌋ carry no server, and one more carries at most 1 − the rest. */
function keepProblems(
  rows: Extract<ScheduleProof['reservations'], { test: 'partitioned-edf' }>['cores'],
  shares: ScheduleProof['shares'],
  plan: Plan,
): readonly string[] {
  const floor = keptFor(shares);
  if (!floor) return [];
  const cores = coreIds(plan.host).length;
  const room = rows
    .map(({ utilisation: used }) => minus([1n, 1n], parse(used)))
    .sort((a, b) => (above(a, b) ? -1 : 1));
  const rooms = [...room, ...Array.from({ length: cores - rows.length }, (): Fraction => [1n, 1n])];
  const whole = Number(floor[0] / floor[1]);
  const empty = rooms.filter((free) => equal(free, [1n, 1n])).length;
  const rest = minus(floor, [BigInt(whole), 1n]);
  const next = rooms.sort((a, b) => (above(a, b) ? -1 : 1))[whole] ?? zero;
  const holds = empty >= whole && !above(rest, next);
  return holds ? [] : [`servers are on cores that are kept for the owner (${show(floor)})`];
}

function keptFor(shares: ScheduleProof['shares']): Fraction | null {
  const rows = shares.filter(({ parent }) => parent === 'host').flatMap(({ children }) => children);
  const kept = rows.find((child) => child.class === 'owner' && child.floorCores !== null);
  return kept ? parse(kept.floorCores ?? '0') : null;
}

function globalProblems(
  { servers, timing }: Schedule,
  proof: Extract<ScheduleProof['reservations'], { test: 'gfb' | 'devi-anderson' }>,
  shares: ScheduleProof['shares'],
  plan: Plan,
): readonly string[] {
  const all = timing ? [...servers, timing] : servers;
  const used = all.map(utilisationOn(plan.host));
  const total = used.reduce(plus, zero);
  const largest = used.reduce((most, one) => (above(one, most) ? one : most), zero);
  const cores: Fraction = [BigInt(proof.cores), 1n];
  const perCore = slowestLimit(plan.host);
  const capacity = times(cores, perCore);
  const limit = proof.test === 'gfb' ? minus(capacity, times(minus(cores, [1n, 1n]), largest)) : capacity;
  const problems: string[] = [];
  if (proof.cores !== coreIds(plan.host).length) problems.push(`the host does not have ${proof.cores} cores`);
  if (!equal(total, parse(proof.sum))) problems.push(`the servers do not sum to ${proof.sum}`);
  if (!equal(largest, parse(proof.largest))) problems.push(`the largest server is not ${proof.largest}`);
  if (!equal(limit, parse(proof.limit))) problems.push(`the limit of the test is not ${proof.limit}`);
  if (above(total, limit)) problems.push('the servers take more than the test allows');
  const kept = keptFor(shares);
  if (kept && above(plus(total, kept), cores))
    problems.push(`servers take what is kept for the owner (${show(kept)})`);
  if (proof.test === 'gfb') {
    if (proof.tardinessNs !== 0) problems.push('under GFB nothing is late');
    return problems;
  }
  const bound = tardiness(all, proof.cores, plan.host, 0);
  if (above(bound, [BigInt(proof.tardinessNs), 1n])) problems.push('servers may be later than it says');
  return problems;
}

/** Every sibling's part is its weight's part of what the parent has, and no floor is above it. */
function shareProblems(schedule: Schedule, { shares }: ScheduleProof, plan: Plan): readonly string[] {
  const fair = withTiming(schedule)
    .map(utilisationOn(plan.host))
    .reduce(minus, [BigInt(coreIds(plan.host).length), 1n]);
  const problems: string[] = [];
  for (const { parent, availableCores, children } of shares) {
    const available = parse(availableCores);
    if (parent === 'host' ? !equal(available, fair) : !isPartOf(parent, available, shares)) {
      problems.push(`${parent} does not have ${availableCores} cores to divide`);
    }
    const total = children.reduce((sum, { weight }) => sum + BigInt(weight), 0n);
    for (const { class: name, weight, guaranteedCores, floorCores } of children) {
      const part = times(available, [BigInt(weight), total]);
      if (!equal(part, parse(guaranteedCores)))
        problems.push(`${name} is not guaranteed ${guaranteedCores} cores`);
      if (floorCores !== null && above(parse(floorCores), part))
        problems.push(`${name} has less than its floor ${floorCores}`);
    }
  }
  for (const setting of schedule.settings) {
    if (setting.mechanism !== 'share' || setting.floorCores === null) continue;
    if (setting.fidelity.note?.includes('least weight')) continue;
    const promised = decimalFraction(setting.floorCores);
    const holds = rowsOf(setting.class, shares).some(
      ({ floorCores }) => floorCores !== null && !above(promised, rounded(parse(floorCores))),
    );
    if (!holds) problems.push(`nothing proves the floor of ${setting.class}`);
  }
  return problems;
}

/** The settings set the very weights of the proof. */
function weightProblems({ settings }: Schedule, { shares }: ScheduleProof): readonly string[] {
  return settings.flatMap((setting) => {
    if (setting.mechanism !== 'share' || setting.class === 'owner') return [];
    const holds = rowsOf(setting.class, shares).every(({ weight }) => weight === setting.weight);
    return holds ? [] : [`the weight of ${setting.class} is not the one proved`];
  });
}

const rowsOf = (name: string, shares: ScheduleProof['shares']) =>
  shares.flatMap(({ children }) => children.filter((child) => child.class === name));
const isPartOf = (name: string, cores: Fraction, shares: ScheduleProof['shares']): boolean =>
  rowsOf(name, shares).some(({ guaranteedCores }) => equal(parse(guaranteedCores), cores));

/** In every period every guest of a duty cycle has windows of its running time, and ceilings are never exceeded. */
function timetableProblems({ settings, timetable }: Schedule, plan: Plan): readonly string[] {
  const duties = settings.flatMap((one) =>
    one.mechanism === 'duty' || one.mechanism === 'freezer' ? [one] : [],
  );
  if (timetable === null) return duties.length > 0 ? ['duty cycles without a timetable'] : [];
  const { hyperperiodNs, windows } = timetable;
  const problems: string[] = [];
  for (const { class: name, startNs, endNs } of windows) {
    if (!duties.some((one) => one.class === name))
      problems.push(`windows of ${name}, which has no duty cycle`);
    if (startNs < 0 || endNs <= startNs || endNs > hyperperiodNs)
      problems.push(`a window from ${startNs} to ${endNs}`);
  }
  for (const { class: name, runNs, periodNs } of duties) {
    if (runNs > 0 && hyperperiodNs % periodNs !== 0)
      problems.push(`${name}'s period does not divide the hyperperiod`);
    const guests = plan.classes.find((one) => one.name === name)?.maxGuests ?? 1;
    for (let member = 0; member < guests; member++) {
      const own = windows.filter((one) => one.class === name && one.member === member);
      if (!runsAsPromised(own, runNs, periodNs, hyperperiodNs))
        problems.push(`guest ${member} of ${name} does not get its runs`);
    }
  }
  return [...problems, ...ceilingProblems(timetable, plan)];
}

type Windows = NonNullable<Schedule['timetable']>['windows'];

function runsAsPromised(windows: Windows, runNs: number, periodNs: number, hyperperiodNs: number): boolean {
  if (runNs === 0) return windows.length === 0;
  const inOrder = [...windows].sort((a, b) => a.startNs - b.startNs);
  if (inOrder.some(({ startNs }, index) => startNs < (inOrder[index - 1]?.endNs ?? 0))) return false;
  const perPeriod = new Array<number>(hyperperiodNs / periodNs).fill(0);
  for (const { startNs, endNs } of windows) {
    for (let at = startNs; at < endNs; ) {
      const period = Math.floor(at / periodNs);
      const until = Math.min(endNs, (period + 1) * periodNs);
      perPeriod[period] = (perPeriod[period] ?? 0) + until - at;
      at = until;
    }
  }
  return perPeriod.every((time) => time === runNs);
}

function ceilingProblems(
  { windows, ceilings = [] }: NonNullable<Schedule['timetable']>,
  plan: Plan,
): readonly string[] {
  return ceilings.flatMap(({ classes, vcpus }) => {
    const width = (name: string) => plan.classes.find((one) => one.name === name)?.vcpus ?? 1;
    const edges = windows
      .filter((one) => classes.includes(one.class))
      .flatMap((one) => [
        { at: one.startNs, change: width(one.class) },
        { at: one.endNs, change: -width(one.class) },
      ])
      .sort((a, b) => a.at - b.at || a.change - b.change);
    let running = 0;
    const exceeded = edges.some(({ change }) => {
      running += change;
      return running > vcpus;
    });
    return exceeded ? [`more than ${vcpus} vCPUs of ${classes.join(', ')} run at once`] : [];
  });
}
