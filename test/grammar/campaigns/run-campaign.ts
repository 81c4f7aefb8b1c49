import { inspect } from 'node:util';
import { randomOf } from '../random.js';
import { shrink } from '../shrink.js';
import type { Campaign, CampaignInput, Trial, Verdict } from './campaign.js';

export interface Failure {
  readonly campaign: string;
  readonly seed: number;
  /** Number of the input; with the seed it makes the same input again. */
  readonly index: number;
  readonly setting: string;
  readonly text: string;
  readonly failure: string;
  /** The smallest text found that fails too, and how it does. */
  readonly shrunken: { readonly text: string; readonly failure: string };
}

export interface Tally {
  readonly inputs: number;
  readonly characters: number;
  readonly outcomes: Readonly<Record<string, number>>;
  readonly failures: readonly Failure[];
}

export interface CampaignPart {
  readonly seed: number;
  /** Numbers of the inputs: from `first`, each `step`th, `count` of them. */
  readonly first: number;
  readonly step: number;
  readonly count: number;
  /** Called before each input. */
  readonly onInput?: (index: number) => void;
  /** Failures beyond these are only counted. */
  readonly maxFailures?: number;
}

/** Tries a campaign on some of its inputs. Never throws for what the inputs do. */
export function runCampaign(campaign: Campaign, part: CampaignPart): Tally {
  const trial = campaign.begin();
  const outcomes: Record<string, number> = {};
  const failures: Failure[] = [];
  let characters = 0;
  for (let made = 0; made < part.count; made++) {
    const index = part.first + made * part.step;
    part.onInput?.(index);
    const input = trial.make(randomOf(part.seed, index));
    characters += input.text.length;
    const { outcome, failure } = judge(trial, input);
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    if (failure === null || failures.length >= (part.maxFailures ?? 5)) continue;
    const shrunken = shrinkFailure(trial, input, failure);
    failures.push({ campaign: campaign.name, seed: part.seed, index, ...input, failure, shrunken });
  }
  return { inputs: part.count, characters, outcomes, failures };
}

function judge(trial: Trial, input: CampaignInput): Verdict {
  try {
    return trial.judge(input);
  } catch (error) {
    return { outcome: 'threw', failure: `threw ${error instanceof Error ? error.stack : inspect(error)}` };
  }
}

function shrinkFailure(trial: Trial, input: CampaignInput, failure: string): Failure['shrunken'] {
  const text = shrink(input.text, (smaller) => judge(trial, { ...input, text: smaller }).failure !== null);
  return { text, failure: judge(trial, { ...input, text }).failure ?? failure };
}

/** As an assertion or a terminal shows it. */
export function describeFailure({
  campaign,
  seed,
  index,
  setting,
  failure,
  shrunken,
  text,
}: Failure): string {
  const where = `${campaign}, seed ${seed}, input ${index}${setting === '' ? '' : ` (${setting})`}`;
  return [
    `${where}: ${failure}`,
    `  shrunken: ${JSON.stringify(shrunken.text)}`,
    `            ${shrunken.failure}`,
    `  whole:    ${JSON.stringify(text.length > 2000 ? `${text.slice(0, 2000)}…` : text)}`,
  ].join('\n');
}
