import { formatDuration } from '../../support/duration.js';
import type { InterfaceProof, Plan, Schedule, SettingOf } from '../plan.js';
import { decimal, joinWords, wrap } from './render-text.js';

/** Of each vCPU where they differ or have tasks: "vcpu 0: 2.786ms every 10ms, for decode, audio". */
export function serverTexts({ budgetNs, periodNs, vcpus, keeps }: SettingOf<'reservation'>): string {
  const windows = (keeps?.windows ?? []).map(
    (one) => `${formatDuration(one.budgetNs)} in any ${formatDuration(one.windowNs)}`,
  );
  if (!vcpus) {
    const purpose = windows.length === 0 ? '' : `, for ${joinWords(windows)}`;
    return `${cycle({ budgetNs, periodNs })} on each vCPU (${decimal(budgetNs / periodNs)} of a core)${purpose}`;
  }
  return vcpus
    .map((server, index) => {
      const purposes = [...server.tasks, ...windows];
      const purpose = purposes.length === 0 ? 'without tasks' : `for ${purposes.join(', ')}`;
      return `vcpu ${index}: ${cycle(server)}, ${purpose}`;
    })
    .join('; ');
}

/** Why the servers of a schedule suffice for what they are to keep. */
export function interfaceLines({ settings }: Schedule, plan: Plan, width: number): readonly string[] {
  const kept = settings.flatMap((one) => (one.mechanism === 'reservation' && one.keeps ? [one] : []));
  const lines = kept.flatMap((setting) => proofTexts(setting, plan));
  if (lines.length === 0) return [];
  return [
    '  proof: what windows may need (dbf) is what servers are sure to supply in them (sbf), or less',
    ...lines.flatMap((text) => wrap(text, width, '    ', '      ')),
  ];
}

function proofTexts(setting: SettingOf<'reservation'>, { classes, certificate }: Plan): readonly string[] {
  const { class: name, vcpus = [{ ...setting, tasks: [] }] } = setting;
  const declared = classes.find((one) => one.name === name)?.tasks ?? [];
  return vcpus.flatMap((server, index) => {
    const proof = certificate.interfaces?.find((one) => isOf(one, name, server));
    if (!proof) return [];
    const who = setting.vcpus ? `${name} vcpu ${index}` : name;
    const windows = proof.windows.map(
      ({ windowNs, demandNs, supplyNs }) =>
        `${formatDuration(demandNs)} ≤ ${formatDuration(supplyNs)} in any ${formatDuration(windowNs)}`,
    );
    const rate = declared
      .filter((task) => server.tasks.includes(task.name))
      .reduce((sum, { costNs, periodNs }) => sum + costNs / periodNs, 0);
    const texts = [...(server.tasks.length > 0 ? [deadlinesText(proof, rate)] : []), ...windows];
    return [`${who}: ${texts.join('; ')}`];
  });
}

/** How far the points go, and which of them leaves least. */
function deadlinesText({ budgetNs, periodNs, points }: InterfaceProof, rate: number): string {
  const last = points.at(-1);
  const tightest = points.reduce((a, b) => (b.supplyNs - b.demandNs < a.supplyNs - a.demandNs ? b : a));
  const { windowNs, demandNs, supplyNs } = tightest;
  const least = `least to spare at ${formatDuration(windowNs)} (${formatDuration(demandNs)} of ${formatDuration(supplyNs)})`;
  const beyond = `beyond, ${decimal(budgetNs / periodNs)} of a core is above the tasks' ${decimal(rate)}`;
  return `EDF meets all deadlines, by ${points.length} points up to ${formatDuration(last?.windowNs ?? 0)}, ${least}; ${beyond}`;
}

const isOf = (
  one: InterfaceProof,
  name: string,
  server: { budgetNs: number; periodNs: number; tasks: readonly string[] },
): boolean =>
  one.class === name &&
  one.budgetNs === server.budgetNs &&
  one.periodNs === server.periodNs &&
  one.tasks.join() === server.tasks.join();

const cycle = ({ budgetNs, periodNs }: { budgetNs: number; periodNs: number }): string =>
  `${formatDuration(budgetNs)} every ${formatDuration(periodNs)}`;
