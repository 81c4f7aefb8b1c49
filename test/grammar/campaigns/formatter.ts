import { type Formatted, format } from '../../../src/lang/format/format.js';
import { parse } from '../../../src/lang/parse.js';
import { firstDifference, withoutSpans } from '../trees.js';
import { accepted, type Campaign, type CampaignInput, failed, type Verdict } from './campaign.js';
import { mutatedPolicy } from './inputs.js';

/** A width that the formatter is used with, and one that breaks everything that can be broken. */
const WIDTHS = ['100', '100', '40'];

/** Laying a policy out changes white space only, and laying it out again nothing. */
export const formatterRoundTrips: Campaign = {
  name: 'policies in the formatter',
  claim:
    'The formatter keeps the tree and the comments, changes nothing twice, and refuses what cannot be read',
  nightlyInputs: 30_000,
  begin: () => ({
    make: (random) => ({ text: mutatedPolicy(random), setting: random.pick(WIDTHS) }),
    judge,
  }),
};

function judge({ text, setting }: CampaignInput): Verdict {
  const width = Number(setting);
  const once = formatText(text, width);
  if (once.text === null) {
    return once.diagnostics.length > 0 ? accepted('refused') : failed('refused without a reason');
  }
  const difference = firstDifference(treeOf(text), treeOf(once.text));
  if (difference !== null) return failed(`the tree changed at ${difference}`);
  if (commentsOf(text).join('\n') !== commentsOf(once.text).join('\n')) return failed('the comments changed');
  const twice = formatText(once.text, width).text;
  if (twice !== once.text)
    return failed(`laid out twice: ${JSON.stringify(once.text)}, ${JSON.stringify(twice)}`);
  return accepted('laid out');
}

const formatText = (text: string, width: number): Formatted =>
  format({ file: 'generated.vmc', text }, { width });
const treeOf = (text: string): unknown => withoutSpans(parse({ file: 'generated.vmc', text }).tree);

/** Without the white space at their ends: it is not theirs. */
const commentsOf = (text: string): string[] =>
  [...text.matchAll(/"(?:[^"\\\n\r]|\\.)*"|#[^\n]*/g)].flatMap(([piece]) =>
    piece.startsWith('#') ? [piece.trimEnd()] : [],
  );
