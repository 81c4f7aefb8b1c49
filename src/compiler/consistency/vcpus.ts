import type { Plan, Schedule, SettingOf } from '../plan.js';
import { above, ratio } from '../verify/fractions.js';
import { unless } from '../verify/host.js';

type Keeping = SettingOf<'reservation' | 'duty' | 'freezer'>;

/** What is said of each vCPU is said of all of them, and is what their guest as a whole has. */
export function vcpuProblems({ settings }: Schedule, { classes }: Plan): readonly string[] {
  const byName = new Map(classes.map((one) => [one.name, one]));
  return settings.flatMap((setting) => {
    if (!('keeps' in setting || 'vcpus' in setting)) return [];
    const { class: name, keeps, vcpus } = setting;
    const declared = byName.get(name);
    return [
      ...unless(
        vcpus === undefined || vcpus.length === declared?.vcpus,
        `not each vCPU of ${name} has its server`,
      ),
      ...unless(isSummary(setting), `the vCPUs of ${name} have something else than it has`),
      ...unless(
        !keeps || keeps.windows.length > 0 || (keeps.tasks && declared?.tasks !== undefined),
        `there is nothing that ${name} is to keep`,
      ),
      ...unless(
        setting.mechanism === 'reservation' || setting.elevated === true,
        `${name} keeps what only reservations can`,
      ),
    ];
  });
}

/** A reservation is told by the server with the largest rate; who runs by turns does so with all vCPUs at once. */
function isSummary(setting: Keeping): boolean {
  const { vcpus, periodNs } = setting;
  if (vcpus === undefined) return true;
  if (setting.mechanism !== 'reservation')
    return vcpus.every((one) => one.budgetNs === setting.runNs && one.periodNs === periodNs);
  const { budgetNs } = setting;
  const own = ratio(budgetNs, periodNs);
  return (
    vcpus.some((one) => one.budgetNs === budgetNs && one.periodNs === periodNs) &&
    vcpus.every((one) => !above(ratio(one.budgetNs, one.periodNs), own))
  );
}
