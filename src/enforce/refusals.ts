import { unreachable } from '../support/invariant.js';
import type { FindingDraft } from './findings.js';
import { pathKey } from './group-path.js';
import type { Action, Outcome } from './host.js';

export interface Attempt {
  readonly action: Action;
  readonly outcome: Outcome;
}

interface Refusal extends Attempt {
  readonly outcome: Extract<Outcome, { ok: false }>;
  readonly sinceNs: bigint;
}

/** What the host refuses at present, by action, and since when. */
export type Refusals = ReadonlyMap<string, Refusal>;
export const NO_REFUSALS: Refusals = new Map();

/**
 * After a step: what it attempted and was refused. An action that succeeded, or is not wanted any more, is forgotten.
 * GONE is no refusal: the guest ended meanwhile, and the next observation says so.
 */
export function updateRefusals(previous: Refusals, attempts: readonly Attempt[], nowNs: bigint): Refusals {
  const refusals = new Map<string, Refusal>();
  for (const { action, outcome } of attempts) {
    const key = actionKey(action);
    if (outcome.ok || outcome.code === 'GONE') refusals.delete(key);
    else refusals.set(key, { action, outcome, sinceNs: previous.get(key)?.sinceNs ?? nowNs });
  }
  return refusals;
}

/** Bandwidth that was just freed counts until its 0-lag time: an EBUSY within it is waited out, not reported. */
const waiting = ({ outcome, sinceNs }: Refusal, nowNs: bigint, graceNs: bigint): boolean =>
  outcome.retry && nowNs - sinceNs < graceNs;

export const isWaitingForBandwidth = (refusals: Refusals, nowNs: bigint, graceNs: bigint): boolean =>
  [...refusals.values()].some((refusal) => waiting(refusal, nowNs, graceNs));

export function refusalFindings(refusals: Refusals, nowNs: bigint, graceNs: bigint): readonly FindingDraft[] {
  return [...refusals.values()]
    .filter((refusal) => !waiting(refusal, nowNs, graceNs))
    .map(({ action, outcome }) => ({
      code: `refused-${action.kind}`,
      severity: 'error' as const,
      subject: 'guest' in action ? action.guest : 'path' in action ? pathKey(action.path) : null,
      message: outcome.message,
      fallback: fallbackOf(action),
    }));
}

function fallbackOf(action: Action): string {
  switch (action.kind) {
    case 'reserve':
      return 'it runs without this reservation, at its weight; asked for again every second';
    case 'unreserve':
      return 'it keeps the reservation for now; tried again every second';
    case 'gather':
    case 'create-group':
      return 'its weights and quotas do not act; tried again every second';
    case 'set-weight':
    case 'set-quota':
      return 'the old setting stays; tried again every second';
    case 'set-timetable':
      return 'duty cycles stay as they were; tried again every second';
    case 'set-knob':
      return 'it goes on without that; tried again every second';
    case 'power-down':
      return 'it is ended when the time that it has is over';
    case 'end-guest':
      return 'it goes on running; tried again every second';
    case 'release':
    case 'unset-knob':
    case 'forget-power-down':
    case 'remove-group':
      return 'what was taken is not all given back yet; tried again every second';
    default:
      return unreachable(action);
  }
}

/** Actions with the same key change the same thing. */
export function actionKey(action: Action): string {
  switch (action.kind) {
    case 'reserve':
    case 'unreserve':
      return `reservation ${action.guest} ${action.tid}`;
    case 'gather':
    case 'release':
    case 'power-down':
    case 'end-guest':
    case 'forget-power-down':
      return `${action.kind} ${action.guest}`;
    case 'set-knob':
      return `knob ${action.guest} ${action.setting.knob}`;
    case 'unset-knob':
      return `knob ${action.guest} ${action.knob}`;
    case 'set-timetable':
      return action.kind;
    case 'create-group':
    case 'remove-group':
    case 'set-weight':
    case 'set-quota':
      return `${action.kind} ${pathKey(action.path)}`;
    default:
      return unreachable(action);
  }
}
