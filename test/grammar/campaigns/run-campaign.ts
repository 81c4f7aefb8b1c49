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
  /** {@link Verdict.counts}, summed. */
  readonly counts: Readonly<Record<string, number>>;
  /** By outcome: the largest of what was measured. */
  readonly worst: Readonly<Record<string, Readonly<Record<string, number>>>>;
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
export async function runCampaign(campaign: Campaign, part: CampaignPart): Promise<Tally> {
  const trial = await campaign.begin();
  const outcomes: Record<string, number> = {};
  const counts: Record<string, number> = {};
  const worst: Record<string, Record<string, number>> = {};
  const failures: Failure[] = [];
  let characters = 0;
  for (let made = 0; made < part.count; made++) {
    const index = part.first + made * part.step;
    part.onInput?.(index);
    const input = trial.make(randomOf(part.seed, index));
    characters += input.text.length;
    const verdict = await judge(trial, input);
    const { outcome, failure } = verdict;
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    for (const [name, count] of Object.entries(verdict.counts ?? {}))
      counts[name] = (counts[name] ?? 0) + count;
    worst[outcome] = largest(worst[outcome] ?? {}, verdict.measured ?? {});
    if (failure === null || failures.length >= (part.maxFailures ?? 5)) continue;
    const shrunken = campaign.isAlone
      ? { text: input.text, failure }
      : await shrinkFailure(trial, input, failure);
    failures.push({ campaign: campaign.name, seed: part.seed, index, ...input, failure, shrunken });
  }
  await trial.end?.();
  return { inputs: part.count, characters, outcomes, counts, worst, failures };
}

/** Of each name the larger number. */
export function largest(
  a: Readonly<Record<string, number>>,
  b: Readonly<Record<string, number>>,
): Record<string, number> {
  const both = { ...a };
  for (const [name, value] of Object.entries(b)) both[name] = Math.max(both[name] ?? value, value);
  return both;
}

async function judge(trial: Trial, input: CampaignInput): Promise<Verdict> {
  try {
    return await trial.judge(input);
  } catch (error) {
    return { outcome: 'threw', failure: `threw ${error instanceof Error ? error.stack : inspect(error)}` };
  }
}

async function shrinkFailure(
  trial: Trial,
  input: CampaignInput,
  failure: string,
): Promise<Failure['shrunken']> {
  const text = await shrink(
    input.text,
    async (smaller) => (await judge(trial, { ...input, text: smaller })).failure !== null,
  );
  return { text, failure: (await judge(trial, { ...input, text })).failure ?? failure };
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
