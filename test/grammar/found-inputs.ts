import type { Campaign } from './campaigns/campaign.js';
import { compilerEnds } from './campaigns/compiler.js';
import { formatterRoundTrips } from './campaigns/formatter.js';
import { sentencesInTwoParsers } from './campaigns/two-parsers.js';

/** Inputs that broke a claim once, as small as they became. */
export const FOUND_INPUTS: readonly (readonly [campaign: Campaign, text: string, setting: string])[] = [
  [sentencesInTwoParsers, 'limit u to\t3core -""between 8%and 1core', ''],
  [formatterRoundTrips, 'vm r{vcpus 5e}', '100'],
  [formatterRoundTrips, 'vm m{vcpus 1u}', '100'],
  [compilerEnds, 'vm a { match user u vcpus 1 } keep 1 core for owner by quota', 'one core, no hrtick'],
  [compilerEnds, 'let s = s\nassert y at least 2 cores while (s) except s', 'eight cores'],
];
