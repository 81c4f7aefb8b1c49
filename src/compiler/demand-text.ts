import type { ReservationForm } from '../lang/model.js';
import { formatDuration } from '../support/duration.js';
import type { ReservationDemand } from './demands/demands.js';
import type { Situation } from './modes/situation.js';
import { isUniform } from './reservations/reservation-form.js';

/** "20ms every 100ms". */
export const cycleText = (budgetNs: bigint, periodNs: bigint): string =>
  `${formatDuration(budgetNs)} every ${formatDuration(periodNs)}`;

export const shownIn = ({ modeId, example }: Situation): { mode: string; example: string | null } => ({
  mode: modeId,
  example,
});

/** "20ms every 100ms", of each vCPU where they differ. */
export function serversText({ vcpus }: ReservationDemand): string {
  const texts = vcpus.map(({ budgetNs, periodNs }) => cycleText(budgetNs, periodNs));
  return isUniform(vcpus) ? texts.slice(0, 1).join() : texts.join(', ');
}

/** "20ms every 100ms", "5ms in any 30ms" or "what its tasks need". */
export function formText(form: ReservationForm): string {
  switch (form.kind) {
    case 'every':
      return cycleText(form.budgetNs, form.periodNs);
    case 'in-any':
      return `${formatDuration(form.budgetNs)} in any ${formatDuration(form.windowNs)}`;
    case 'tasks':
      return 'what its tasks need';
  }
}
