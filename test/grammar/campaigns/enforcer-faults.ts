import { FaultTrial, plansOf } from '../../enforce/faults/fault-trial.js';
import { parseHappening, randomHappening } from '../../enforce/faults/happening.js';
import type { Random } from '../random.js';
import { accepted, type Campaign, type CampaignInput, type Verdict } from './campaign.js';

/** Most events of one input. */
const EVENTS = 25;

/** Guests, users, modes, other policies and faults at every effect, on the simulated host: one event a line, as JSON. */
export const enforcerFaults: Campaign = {
  name: 'faults of the enforcer',
  claim: 'Whatever fails at whatever effect, the enforcer goes on, and everything is given back',
  nightlyInputs: 1500,
  begin: () => ({ make, judge }),
};

function make(random: Random): CampaignInput {
  const events = Array.from({ length: random.between(1, EVENTS) }, () => randomHappening(random));
  const text = events.map((event) => `${JSON.stringify(event)}\n`).join('');
  return { text, setting: `plans ${random.below(1_000_000)}` };
}

async function judge({ text, setting }: CampaignInput): Promise<Verdict> {
  const events = text.split('\n').flatMap((line) => parseHappening(line) ?? []);
  const faults = await new FaultTrial(plansOf(Number(/\d+/.exec(setting)?.[0]))).run(events);
  const sum = [...faults.values()].reduce((total, count) => total + count, 0);
  return { ...accepted('as it was'), counts: { faults: sum, ...Object.fromEntries(faults) } };
}
