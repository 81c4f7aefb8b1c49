import { formatDuration } from '../../support/duration.js';
import { groupBy } from '../group-by.js';
import type { AdmissionAnswer, RefusedIn } from './admit.js';
import type { Granted } from './granted.js';
import type { Obstacle } from './obstacle.js';

/** A page that an owner understands: yes and what it gets, or no, why, and what would be admitted. */
export function renderAnswer({
  admitted,
  request,
  granted,
  refused,
  counterOffers,
  sought,
}: AdmissionAnswer): string {
  const { name, guests, vcpus } = request;
  const who = `${name} (${counted(guests, 'vm')} of ${counted(vcpus, 'vCPU')})`;
  const lines = [
    admitted ? `yes: ${who} fits in every mode` : `no: ${who} does not fit`,
    ...granted.flatMap(grantedLines),
    ...refused.map(refusedLine),
    ...counterOffers.map(({ text }) => `  would be admitted: ${text}`),
  ];
  if (sought && counterOffers.length === 0) lines.push('  no other number in it alone would make it fit');
  return lines.join('\n');
}

function grantedLines({ modes, test, servers, moved }: Granted): readonly string[] {
  const byTerms = groupBy(servers, (one) => {
    const thread = one.thread === 'main' ? 'main loops' : 'vCPUs';
    return `${thread}: ${formatDuration(BigInt(one.budgetNs))} every ${formatDuration(BigInt(one.periodNs))}`;
  });
  const what = [...byTerms].map(([terms, own]) => {
    const cores = [...new Set(own.flatMap(({ core }) => (core === null ? [] : [core])))].sort(
      (a, b) => a - b,
    );
    const where =
      cores.length === 0 ? '' : `, on ${cores.length === 1 ? 'core' : 'cores'} ${cores.join(', ')}`;
    return `    ${terms}${where}`;
  });
  const how = test === 'none' ? 'by weights' : `by ${test}`;
  const others = moved === 0 ? '' : `; ${counted(moved, 'server')} of the plan would change cores`;
  return [`  fits ${inModes(modes)} ${how}${others}`, ...what];
}

const OBSTACLES: Readonly<Record<Obstacle, string>> = {
  cores: 'all reservations together are more than the cores have',
  placement: 'no thread may be on two cores, and its servers find no place',
  guarantees: 'reservations, guarantees and what is kept for the owner are more than the host has',
  weights: 'no weights keep all guarantees and what is kept for the owner',
  restriction: 'a restriction breaks what would be promised',
  memory: 'more memory would be promised than there is',
  interface: 'no server on a core by itself could keep what it asks for',
  timetable: 'guests that are stopped and continued find no times',
  assertion: 'the policy asserts what would no longer hold',
  host: 'this host cannot keep what it asks for',
  size: 'the plan would be too large',
  hardness: 'promises that are hard would only be bounded',
  undecided: 'the plan alone does not say',
  conflict: 'the policy says otherwise',
};

function refusedLine({ modes, example, obstacle, reason, code, proof }: RefusedIn): string {
  const when = example === null ? '' : `, for example at ${example}`;
  const why = reason === null ? '' : `: ${reason.replace(/\.$/, '')}`;
  const named = code === null ? '' : ` [${code}]`;
  const sure = proof ? '' : ' (no proof: not everything was tried)';
  return `  not ${inModes(modes)}${when}: ${OBSTACLES[obstacle]}${why}${named}${sure}`;
}

const MODES_NAMED = 4;

function inModes(modes: readonly string[]): string {
  const named = modes.slice(0, MODES_NAMED).map((id) => `"${id}"`);
  const more = modes.length > MODES_NAMED ? ` and ${modes.length - MODES_NAMED} more` : '';
  return `in ${modes.length === 1 ? 'mode' : 'modes'} ${named.join(', ')}${more}`;
}

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
