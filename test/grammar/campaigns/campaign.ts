import type { Random } from '../random.js';

export interface CampaignInput {
  readonly text: string;
  /** What the judge is told besides the text, such as the name of a host; '' for nothing. */
  readonly setting: string;
}

export interface Verdict {
  /** Under what the input is counted: `accepted`, `no plan`. */
  readonly outcome: string;
  /** What is wrong, in words; null when all is well. */
  readonly failure: string | null;
}

/** Makes inputs and judges them. */
export interface Trial {
  make(random: Random): CampaignInput;
  /** What it throws is a failure too. */
  judge(input: CampaignInput): Verdict;
}

/** A claim about every input of some kind, tried on many of them. */
export interface Campaign {
  readonly name: string;
  /** What has to hold, as a sentence. */
  readonly claim: string;
  /** Inputs of the nightly run. */
  readonly nightlyInputs: number;
  /** Does what has to be done once before the first input. */
  begin(): Trial;
}

export const accepted = (outcome: string): Verdict => ({ outcome, failure: null });
export const failed = (failure: string): Verdict => ({ outcome: 'failed', failure });
