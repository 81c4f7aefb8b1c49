/*
 * One of the processes of `npm run nightly`: gets a part of a campaign from its parent, says which input it is at, and
 * answers with the tally.
 */
import { ALL_CAMPAIGNS } from '../test/grammar/campaigns/all-campaigns.js';
import { type CampaignPart, runCampaign, type Tally } from '../test/grammar/campaigns/run-campaign.js';

export type WorkerMessage =
  | { readonly kind: 'input'; readonly index: number }
  | { readonly kind: 'tally'; readonly tally: Tally };

const send = (message: WorkerMessage, onSent = (): void => undefined): void =>
  void process.send?.(message, undefined, undefined, onSent);

process.once('message', async ({ name, part }: { name: string; part: CampaignPart }) => {
  const campaign = ALL_CAMPAIGNS.find((one) => one.name === name);
  if (campaign === undefined) throw new RangeError(`there is no campaign "${name}"`);
  const tally = await runCampaign(campaign, { ...part, onInput: (index) => send({ kind: 'input', index }) });
  send({ kind: 'tally', tally }, () => process.disconnect());
});
