import { coreList } from './facts.js';
import { groupBy } from './group-by.js';
import type { Plan, Schedule, ScheduleProof } from './plan.js';
import { declarationLines } from './render-declarations.js';
import { interfaceLines } from './render-interface.js';
import { settingLines } from './render-setting.js';
import { decimal, joinWords, wrap } from './render-text.js';

export interface RenderPlanOptions {
  /** Columns; 100 unless told. */
  readonly width?: number;
  /** Modes named for each schedule before "and N more"; 4 unless told. */
  readonly modes?: number;
}

/** A plan for reading: for each schedule its modes, what each class gets and why, the proof used, and the slack. */
export function renderPlan(plan: Plan, { width = 100, modes = 4 }: RenderPlanOptions = {}): string {
  const lines = [
    ...wrap(headline(plan), width),
    ...declarationLines(plan, width),
    ...plan.schedules.flatMap((schedule) => ['', ...scheduleLines(schedule, plan, { width, modes })]),
    ...transitionLines(plan, width),
  ];
  return `${lines.join('\n')}\n`;
}

function headline({ policy, host, modes, schedules, conditions }: Plan): string {
  const cores = coreList(host).length;
  const by = conditions.length === 0 ? '' : ` by ${joinWords(conditions.map(({ id }) => id))}`;
  return (
    `${policy.name}: ${count(modes.length, 'mode')}${by}; ${count(schedules.length, 'schedule')} ` +
    `for ${count(cores, 'core')} (${decimal(host.deadlineLimit)} of each for reservations), ${host.timezone}`
  );
}

function scheduleLines(
  schedule: Schedule,
  plan: Plan,
  options: Required<RenderPlanOptions>,
): readonly string[] {
  const { width } = options;
  const proof = plan.certificate.schedules.find((one) => one.schedule === schedule.id);
  const own = plan.modes.filter((mode) => mode.schedule === schedule.id);
  const more = own.length - options.modes;
  const shown = own.slice(0, options.modes).map(({ id, example }) => (example ? `${id} (${example})` : id));
  return [
    `Schedule ${schedule.id}, in ${count(own.length, 'mode')}`,
    ...shown.flatMap((text) => wrap(text, width, '  - ', '    ')),
    ...(more > 0 ? [`  - and ${more} more`] : []),
    ...(schedule.settings.length === 0 ? ['  nothing is set: guests run as they are'] : []),
    ...schedule.settings.flatMap((setting) => settingLines(setting, width)),
    ...interfaceLines(schedule, plan, width),
    ...(proof ? proofLines(proof, schedule, plan, width) : []),
    ...timetableLines(schedule, width),
  ];
}

function proofLines(
  { reservations, shares }: ScheduleProof,
  schedule: Schedule,
  plan: Plan,
  width: number,
): readonly string[] {
  return [
    ...reservationLines(reservations, schedule, plan, width),
    ...shares.flatMap(({ parent, availableCores, children }) => {
      const parts = children.map(
        ({ class: name, weight, guaranteedCores, floorCores }) =>
          `${name} ${decimal(guaranteedCores)} (weight ${weight}${floorCores === null ? '' : `, floor ${decimal(floorCores)}`})`,
      );
      const text = `${decimal(availableCores)} cores of ${parent}, all wanting CPU: ${parts.join(', ')}`;
      return wrap(text, width, '  weights: ', '    ');
    }),
  ];
}

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
      const late = proof.tardinessNs === 0 ? 'none is late' : `at most ${proof.tardinessNs / 1e6} ms late`;
      const text = `global EDF on ${proof.cores} cores (${name}): ${decimal(proof.sum)} of ${decimal(proof.limit)}, ${late}`;
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
        ...(free > 0 ? [`    ${count(free, 'core')} without a reservation`] : []),
      ];
    }
  }
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

function transitionLines({ transitions }: Plan, width: number): readonly string[] {
  const steps = transitions
    .filter((one) => one.steps === 'two-step')
    .map(({ from, to }) => `${from} → ${to}`);
  if (steps.length === 0) return [];
  return ['', ...wrap(`Changes in two steps (shrink, wait a period, grow): ${steps.join(', ')}`, width)];
}

const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;

function numeric(fraction: string): number {
  const [num = '0', den = '1'] = fraction.split('/');
  return Number(num) / Number(den);
}
