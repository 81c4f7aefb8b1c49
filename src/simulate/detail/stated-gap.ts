import type { Schedule, SettingOf } from '../../compiler/plan.js';

/** The longest gap that the plan states of the server on this thread, in ns; null: it states none. */
export function statedGapNs({ settings }: Schedule, className: string, thread: string): number | null {
  const setting = settings.find(
    (one): one is SettingOf<'reservation'> => one.mechanism === 'reservation' && one.class === className,
  );
  const vcpu = setting?.vcpus?.find((_, at) => thread === `vcpu ${at}`);
  const isIdle = vcpu !== undefined && setting?.keeps?.tasks === true && vcpu.tasks.length === 0;
  return thread === 'main' || isIdle ? null : (setting?.fidelity.worstGapNs ?? null);
}
