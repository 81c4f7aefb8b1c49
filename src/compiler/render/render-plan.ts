import { formatBound } from '../../support/duration.js';
import { coreList } from '../facts.js';
import { groupBy } from '../group-by.js';
import type { Plan, Schedule, ScheduleProof } from '../plan.js';
import { alikeSchedules } from './alike-schedules.js';
import { changesLines } from './render-changes.js';
import { declarationLines } from './render-declarations.js';
import { interfaceLines } from './render-interface.js';
import { modesLines } from './render-modes.js';
import { settingLines } from './render-setting.js';
import { decimal, joinWords, wrap } from './render-text.js';

export interface RenderPlanOptions {
  /** Columns; 100 unless told. */
  readonly width?: number;
}

/**
 * A plan for reading: what each class gets and why, the proof used, and the slack. What all schedules have in common comes
 * first, then each with its modes and what it has beside that. Schedules that set the same are shown as one.
 */
export function renderPlan(plan: Plan, { width = 100 }: RenderPlanOptions = {}): string {
  const settings = plan.schedules.flatMap((schedule) => schedule.settings);
  const files = new Set(settings.flatMap(({ because }) => because.map(({ file }) => file)));
  const manyFiles = files.size > 1;
  const shown = alikeSchedules(plan);
  const blocks = shown.map(({ schedule }) => scheduleBlocks(schedule, plan, { width, manyFiles }));
  const common = commonBlocks(blocks);
  const lines = [
    ...wrap(headline(plan), width),
    ...declarationLines(plan, width),
    ...(common.size === 0 ? [] : ['', 'In every schedule', ...common]),
    ...shown.flatMap(({ ids }, index) => {
      const own = blocks[index]?.filter((block) => !common.has(block)) ?? [];
      return ['', ...modesLines(plan, ids, width), ...(own.length > 0 ? own : [nothing(common.size)])];
    }),
    ...changesLines(plan, width),
  ];
  return `${lines.join('\n')}\n`;
}

const nothing = (common: number): string =>
  common === 0 ? '  nothing is set: guests run as they are' : '  nothing beside that';

/** The parts of a schedule's page, each the lines of one setting or proof. */
function scheduleBlocks(
  schedule: Schedule,
  plan: Plan,
  options: { width: number; manyFiles: boolean },
): readonly string[] {
  const { width } = options;
  const proof = plan.certificate.schedules.find((one) => one.schedule === schedule.id);
  return [
    ...schedule.settings.map((setting) => settingLines(setting, width, options)),
    interfaceLines(schedule, plan, width),
    ...(proof
      ? [reservationLines(proof.reservations, schedule, plan, width), weightLines(proof, width)]
      : []),
    timetableLines(schedule, width),
  ].flatMap((lines) => (lines.length === 0 ? [] : [lines.join('\n')]));
}

/** Those that every one of several schedules has. */
function commonBlocks(blocks: readonly (readonly string[])[]): ReadonlySet<string> {
  const [first = [], ...others] = blocks;
  const sets = others.map((one) => new Set(one));
  return new Set(others.length === 0 ? [] : first.filter((block) => sets.every((set) => set.has(block))));
}

function headline({ policy, host, modes, schedules, conditions }: Plan): string {
  const cores = coreList(host).length;
  const by = conditions.length === 0 ? '' : ` by ${joinWords(conditions.map(({ id }) => id))}`;
  return (
    `${policy.name}: ${count(modes.length, 'mode')}${by}; ${count(schedules.length, 'schedule')} ` +
    `for ${count(cores, 'core')} (${decimal(host.deadlineLimit)} of each for reservations), ${host.timezone}`
  );
}

/** Against the owner there are two: who wants just what is kept for it competes with less than who wants all. */
function weightLines({ shares }: ScheduleProof, width: number): readonly string[] {
  const owned = shares.filter(({ children }) => children.some((one) => one.class === 'owner'));
  return shares.flatMap((share) => {
    const { parent, availableCores, children } = share;
    const parts = children.map(
      ({ class: name, weight, guaranteedCores, floorCores }) =>
        `${name} ${decimal(guaranteedCores)} (weight ${weight}${floorCores === null ? '' : `, floor ${decimal(floorCores)}`})`,
    );
    const wants = owned.length > 1 && owned.includes(share) ? OWNER_WANTS[owned.indexOf(share)] : null;
    const text = `${decimal(availableCores)} cores of ${parent}, all wanting CPU${wants ?? ''}: ${parts.join(', ')}`;
    return wrap(text, width, '  weights: ', '    ');
  });
}

const OWNER_WANTS = [', the owner just what is kept for it', ', the owner more'];

function reservationLines(
  proof: ScheduleProof['reservations'],
  schedule: Schedule,
  plan: Plan,
  width: number,
): readonly string[] {
  switch (proof.test) {
    case 'none':
      return [];
    case 'gfb':
    case 'devi-anderson': {
      const name = proof.test === 'gfb' ? 'GFB' : 'Devi and Anderson';
      const late =
        proof.tardinessNs === 0 ? 'none is late' : `at most ${formatBound(proof.tardinessNs)} late`;
      const text = `global EDF on ${proof.cores} cores (${name}): ${decimal(proof.sum)} of ${decimal(proof.limit)}, ${late}; ${ownerThread(ownerLeft(proof, plan))}`;
      return wrap(text, width, '  proof: ', '    ');
    }
    case 'partitioned-edf': {
      const used = proof.cores.filter(({ utilisation }) => utilisation !== '0');
      const free = coreList(plan.host).length - used.length;
      return [
        '  proof: EDF on each core, deadline = period: the sum decides, context switches included',
        ...used.flatMap(({ core, servers, utilisation, limit }) => {
          const slack = decimal(numeric(limit) - numeric(utilisation));
          const head = `core ${core}: ${decimal(utilisation)} of ${decimal(limit)} (slack ${slack}): `;
          return wrap(head + serverNames(servers, core, schedule), width, '    ', '      ');
        }),
        `    ${free > 0 ? `${count(free, 'core')} without a reservation: ` : ''}${ownerThread(ownerLeft(proof, plan))}`,
      ];
    }
  }
}

const ownerThread = (cores: number): string =>
  `a single thread of the owner's is left ${cores === 1 ? 'a whole core' : `${decimal(cores)} of a core`}`;

/**
 * What servers that are busy all the time leave a thread that may run on any core: all of the core that they use least, or, where
 * they are on none in particular, what they leave on the mean.
 */
function ownerLeft(proof: Exclude<ScheduleProof['reservations'], { test: 'none' }>, { host }: Plan): number {
  const cores = coreList(host).length;
  if (proof.test !== 'partitioned-edf') return Math.max(0, 1 - numeric(proof.sum) / cores);
  return proof.cores.length < cores
    ? 1
    : 1 - Math.min(...proof.cores.map(({ utilisation }) => numeric(utilisation)));
}

function serverNames(indices: readonly number[], core: number, schedule: Schedule): string {
  const servers = indices.flatMap((index) => schedule.servers[index] ?? []);
  const names = [...groupBy(servers, ({ class: name, thread }) => `${name} ${thread}`)].map(([name, all]) =>
    all.length === 1 ? name : `${name} × ${all.length}`,
  );
  if (schedule.timing?.core === core) names.push("vmc's timing thread");
  return names.join(', ');
}

function timetableLines({ timetable }: Schedule, width: number): readonly string[] {
  if (timetable === null || timetable.windows.length === 0) return [];
  const text = `${count(timetable.windows.length, 'window')}, repeating every ${timetable.hyperperiodNs / 1e6} ms`;
  return wrap(text, width, '  timetable: ', '    ');
}

const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;

function numeric(fraction: string): number {
  const [num = '0', den = '1'] = fraction.split('/');
  return Number(num) / Number(den);
}
