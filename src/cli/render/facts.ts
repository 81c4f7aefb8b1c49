import { coreList, type HostFacts } from '../../compiler/facts.js';
import { formatDuration } from '../../support/duration.js';
import { renderTable } from './table.js';

const GIB = 1024 ** 3;

/** Host facts for people. */
export function renderFacts(facts: HostFacts): string {
  const cores = coreList(facts);
  const physical = new Set(cores.map(({ sibling }) => sibling)).size;
  const { cgroup, deadlineLimit } = facts;
  const rows = [
    ['cores', `${cores.length}${physical < cores.length ? ` (on ${physical} physical cores)` : ''}`],
    ['memory', `${(facts.memoryBytes / GIB).toFixed(1)} GiB`],
    ['time zone', facts.timezone],
    ['tick', `${formatDuration(facts.tickNs)}${facts.hrtickDeadline ? ', HRTICK_DL on' : ''}`],
    ['reservations', deadlineLimit === 0 ? 'not permitted' : `up to ${deadlineLimit} of each core`],
    ['context switches', contextSwitches(facts)],
    ['cgroup', cgroup.version === 0 ? 'none that may be written' : `version ${cgroup.version}`],
    ['mechanisms', facts.mechanisms.join(', ')],
    ['signals', facts.sensors.join(', ')],
  ];
  return renderTable(['', ''], rows).trimStart();
}

const contextSwitches = ({ contextSwitchesNs }: HostFacts): string =>
  contextSwitchesNs === undefined
    ? "20us in each period of a reservation; 'vmc calibrate' measures them"
    : `${formatDuration(contextSwitchesNs)} in each period of a reservation`;
