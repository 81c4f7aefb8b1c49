import { formatDuration } from '../../support/duration.js';
import { groupBy } from '../group-by.js';
import type { AdmissionAnswer, Granted, RefusedIn } from './admit.js';
import type { Obstacle } from './fit-beside.js';

/** A page that an owner understands: yes and what it gets, or no, why, and what would be admitted. */
export function renderAnswer({
  admitted,
  request,
  granted,
  refused,
  counterOffers,
}: AdmissionAnswer): string {
  const { name, guests, vcpus } = request;
  const who = `${name} (${counted(guests, 'vm')} of ${counted(vcpus, 'vCPU')})`;
  const lines = [
    admitted ? `yes: ${who} fits in every mode` : `no: ${who} does not fit`,
    ...granted.flatMap(grantedLines),
    ...refused.map(refusedLine),
    ...counterOffers.map(({ text }) => `  would be admitted: ${text}`),
  ];
  if (!admitted && counterOffers.length === 0) lines.push('  no other number in it alone would make it fit');
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
  ceiling: 'what is promised to all guests is more than their limit',
  memory: 'more memory would be promised than the host has',
  interface: 'no server on a core by itself could keep what it asks for',
  weights: 'no weights keep all guarantees and what is kept for the owner',
};

function refusedLine({ modes, example, obstacle, proof }: RefusedIn): string {
  const when = example === null ? '' : `, for example at ${example}`;
  const sure = proof ? '' : ' (not all placements were tried)';
  return `  not ${inModes(modes)}${when}: ${OBSTACLES[obstacle]}${sure}`;
}

const MODES_NAMED = 4;

function inModes(modes: readonly string[]): string {
  const named = modes.slice(0, MODES_NAMED).map((id) => `"${id}"`);
  const more = modes.length > MODES_NAMED ? ` and ${modes.length - MODES_NAMED} more` : '';
  return `in ${modes.length === 1 ? 'mode' : 'modes'} ${named.join(', ')}${more}`;
}

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
