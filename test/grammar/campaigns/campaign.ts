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
  /** What else is counted: summed over all inputs. */
  readonly counts?: Readonly<Record<string, number>>;
  /** What is measured, by outcome: the largest of all inputs is told. */
  readonly measured?: Readonly<Record<string, number>>;
}

/** Makes inputs and judges them. */
export interface Trial {
  make(random: Random): CampaignInput;
  /** What it throws is a failure too. */
  judge(input: CampaignInput): Verdict | Promise<Verdict>;
  /** After the last input: ends what `begin` began. */
  end?(): Promise<void>;
}

/** A claim about every input of some kind, tried on many of them. */
export interface Campaign {
  readonly name: string;
  /** What has to hold, as a sentence. */
  readonly claim: string;
  /** Inputs of the nightly run. */
  readonly nightlyInputs: number;
  /** It needs the machine for itself: one input at a time, and failures are not made smaller. */
  readonly isAlone?: true;
  /** Why it cannot be run here; null: it can. */
  readonly unavailable?: () => string | null;
  /** Does what has to be done once before the first input. */
  begin(): Trial | Promise<Trial>;
}

export const accepted = (outcome: string): Verdict => ({ outcome, failure: null });
export const failed = (failure: string): Verdict => ({ outcome: 'failed', failure });
