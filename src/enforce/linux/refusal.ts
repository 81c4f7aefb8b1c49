import { formatDuration } from '../../support/duration.js';
import type { Action, Knob, Outcome } from '../host.js';

type Refusal = Extract<Outcome, { ok: false }>;

/** What the kernel's refusal of an action means, in the owner's words, and whether to try again. */
export function refusal(action: Action, error: unknown): Refusal {
  const { code = 'EIO', message = String(error) } = error as NodeJS.ErrnoException;
  if (code === 'ESRCH' || code === 'GONE') {
    return { ok: false, code: 'GONE', message: 'the guest ended meanwhile', retry: false };
  }
  const what = describe(action);
  switch (code) {
    case 'EBUSY':
      return {
        ok: false,
        code,
        message: `${what}: the kernel has not enough free deadline bandwidth now (another program's reservation, or one that has just ended)`,
        retry: true,
      };
    case 'EPERM':
    case 'EACCES':
      return {
        ok: false,
        code: 'EPERM',
        message: `${what}: this user may not (run vmcd as root, or grant what \`vmc doctor\` names)`,
        retry: false,
      };
    case 'EINVAL':
    case 'ENOTSUP':
      return {
        ok: false,
        code,
        message: `${what}: the kernel does not accept it here (${message})`,
        retry: false,
      };
    case 'ERANGE': // what cgroup v2 answers for a weight or a core that is out of range
      return { ok: false, code: 'EINVAL', message: `${what}: out of range (${message})`, retry: false };
    case 'ENOENT':
      return {
        ok: false,
        code,
        message: `${what}: the cgroup has vanished underneath (${message})`,
        retry: true,
      };
    case 'ENOSPC':
      return { ok: false, code, message: `${what}: no room for it (${message})`, retry: true };
    default:
      return { ok: false, code: 'EIO', message: `${what}: ${message}`, retry: true };
  }
}

function describe(action: Action): string {
  switch (action.kind) {
    case 'create-group':
    case 'remove-group':
      return `${action.kind === 'create-group' ? 'making' : 'removing'} group ${nameOf(action.path)}`;
    case 'set-weight':
      return `weight ${action.weight} for ${nameOf(action.path)}`;
    case 'set-quota':
      return `quota for ${nameOf(action.path)}`;
    case 'gather':
      return `moving guest ${action.guest} into ${nameOf(action.path)}`;
    case 'reserve':
      return `reservation ${formatDuration(action.budgetNs)} every ${formatDuration(action.periodNs)} for thread ${action.tid}`;
    case 'unreserve':
      return `ending the reservation of thread ${action.tid}`;
    case 'set-timetable':
      return 'the timetable of duty cycles';
    case 'set-knob':
      return `${KNOBS[action.setting.knob]} of guest ${action.guest}`;
    case 'unset-knob':
      return `giving back the ${KNOBS[action.knob]} of guest ${action.guest}`;
    case 'power-down':
      return `asking guest ${action.guest} to power down`;
    case 'end-guest':
      return `ending guest ${action.guest}`;
    case 'forget-power-down':
      return `letting guest ${action.guest} go on`;
    case 'release':
      return `giving guest ${action.guest} back`;
  }
}

const nameOf = (path: readonly string[]): string => (path.length === 0 ? 'all guests' : path.join('/'));

const KNOBS: Readonly<Record<Knob, string>> = {
  placement: 'cores',
  nice: 'nice value',
  memory: 'memory',
  disk: 'disk limits',
  network: 'network limit',
  'own-group': 'weight and quota',
  priority: 'real-time priority',
};
