import type { Campaign } from './campaigns/campaign.js';
import { compilerEnds } from './campaigns/compiler.js';
import { formatterRoundTrips } from './campaigns/formatter.js';
import { refusedPolicies } from './campaigns/refused-policies.js';
import { sentencesInTwoParsers } from './campaigns/two-parsers.js';

/** Inputs that broke a claim once, as small as they became. */
export const FOUND_INPUTS: readonly (readonly [campaign: Campaign, text: string, setting: string])[] = [
  [sentencesInTwoParsers, 'limit u to\t3core -""between 8%and 1core', ''],
  [formatterRoundTrips, 'vm r{vcpus 5e}', '100'],
  [formatterRoundTrips, 'vm m{vcpus 1u}', '100'],
  [compilerEnds, 'vm a { match user u vcpus 1 } keep 1 core for owner by quota', 'one core, no hrtick'],
  [compilerEnds, 'let s = s\nassert y at least 2 cores while (s) except s', 'eight cores'],
  // Turns that come out otherwise without a union that nothing is said of any more.
  [
    refusedPolicies,
    `vm a { match name "a" and user "u" vcpus 2 }
vm b { match name "b" and user "u" vcpus 1 }
group c up to 3 vms { match user "c" vcpus 1 }
vm d { match user "d" vcpus 4 }
vm e { match name "e" and user "u" vcpus 2 task x 6ms every 9ms task y 6ms every 10ms task z 5ms every 10ms }
group abc = a, b, c
guarantee abc 1.4 cores
reserve e for its tasks
guarantee d 77% of a core by duty`,
    'no cgroups, no deadline class, no cgroup weights by nice',
  ],
];
