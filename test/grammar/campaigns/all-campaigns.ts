import { requestsBesidePolicies } from './admission.js';
import type { Campaign } from './campaign.js';
import { compilerEnds } from './compiler.js';
import { enforcerFaults } from './enforcer-faults.js';
import { formatterRoundTrips } from './formatter.js';
import { policyTestsEnd } from './policy-tests.js';
import { realKills } from './real-kills.js';
import { refusedPolicies } from './refused-policies.js';
import { simulatedServers } from './simulated-servers.js';
import { policiesInTwoFiles } from './two-files.js';
import { policiesInTwoParsers, sentencesInTwoParsers } from './two-parsers.js';

/** Claims about the language and the compiler, in this order: each builds on what those before it hold. */
export const TEXT_CAMPAIGNS: readonly Campaign[] = [
  sentencesInTwoParsers,
  policiesInTwoParsers,
  formatterRoundTrips,
  compilerEnds,
  policiesInTwoFiles,
  policyTestsEnd,
  simulatedServers,
  requestsBesidePolicies,
  refusedPolicies,
];

/** What `npm run nightly` runs, in this order. */
export const ALL_CAMPAIGNS: readonly Campaign[] = [...TEXT_CAMPAIGNS, enforcerFaults, realKills];
