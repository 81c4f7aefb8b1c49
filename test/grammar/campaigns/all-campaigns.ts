import { requestsBesidePolicies } from './admission.js';
import type { Campaign } from './campaign.js';
import { compilerEnds } from './compiler.js';
import { formatterRoundTrips } from './formatter.js';
import { policyTestsEnd } from './policy-tests.js';
import { refusedPolicies } from './refused-policies.js';
import { simulatedServers } from './simulated-servers.js';
import { policiesInTwoFiles } from './two-files.js';
import { policiesInTwoParsers, sentencesInTwoParsers } from './two-parsers.js';

/** What `npm run nightly` runs, in this order: each builds on what those before it hold. */
export const ALL_CAMPAIGNS: readonly Campaign[] = [
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
