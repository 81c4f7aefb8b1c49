#!/usr/bin/env node
/*
 * `npm run nightly`: the campaigns of test/grammar/campaigns/all-campaigns.ts, on all cores (real faults one at a time): claims about every input of
 * some kind, each tried on tens of thousands. Prints the seed, the counts, and each failure with the smallest input that
 * shows it; exit code 1 when there was one.
 *
 *   npm run nightly -- --seed 7          the same inputs as another run of seed 7
 *   npm run nightly -- --part 0.01       a hundredth of the inputs
 *   npm run nightly -- --only compiler   the campaigns whose names hold this
 *   npm run nightly -- --only compiler --seed 7 --input 123   one input
 */
import { fork } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { register } from 'tsx/esm/api';
import { Progress } from './lib/progress.mjs';
import { ROOT } from './lib/root.mjs';

register();
const { ALL_CAMPAIGNS } = await import('../test/grammar/campaigns/all-campaigns.ts');
const { describeFailure, largest } = await import('../test/grammar/campaigns/run-campaign.ts');

/** Far longer than any input takes: a process that is silent for so long hangs. */
const SILENCE_MS = 180_000;
/** Megabytes: inputs are small, what needs more grows without bound. */
const MAX_HEAP = 1024;

const { values: options } = parseArgs({
  options: {
    seed: { type: 'string', default: String(randomInt(1, 2 ** 31)) },
    part: { type: 'string', default: '1' },
    only: { type: 'string', default: '' },
    input: { type: 'string' },
    jobs: { type: 'string', default: String(availableParallelism()) },
  },
});
const seed = Number(options.seed);
const jobs = Number(options.jobs);

console.log(`nightly: seed ${seed}, ${jobs} processes`);
const results = [];
for (const campaign of ALL_CAMPAIGNS.filter(({ name }) => name.includes(options.only))) {
  results.push(await runOnAllCores(campaign));
}
process.exitCode = report(results);

/** The tallies of all processes as one. */
async function runOnAllCores({ name, claim, nightlyInputs, isAlone, unavailable }) {
  console.log(`\n${name}: ${claim}`);
  const reason = unavailable?.() ?? null;
  if (reason !== null) {
    console.log(`  not run: ${reason}`);
    return { name, seconds: 0, ...sum([]), reason };
  }
  const began = performance.now();
  const progress = new Progress(options.input ? 1 : Math.ceil(nightlyInputs * Number(options.part)));
  const parts = options.input
    ? [{ seed, first: Number(options.input), step: 1, count: 1 }]
    : dividedInto(isAlone ? 1 : jobs, progress.total);
  const tallies = await Promise.all(parts.map((part) => runPart(name, part, progress)));
  const seconds = (performance.now() - began) / 1000;
  const result = { name, seconds, ...sum(tallies) };
  progress.end();
  console.log(`  ${describe(result)}`);
  for (const line of table(result)) console.log(`  ${line}`);
  for (const failure of result.failures) console.log(describeFailure(failure));
  for (const loss of result.losses) console.log(`${name}, seed ${seed}, ${loss}`);
  return result;
}

function dividedInto(count, total) {
  return Array.from({ length: count }, (_, job) => ({
    seed,
    first: job,
    step: count,
    count: Math.ceil((total - job) / count),
  }));
}

/** Runs a part in a process of its own; one that dies or hangs is a loss, told with the input it was at. */
function runPart(name, part, progress) {
  return new Promise((resolve) => {
    const worker = fork(join(ROOT, 'scripts/nightly-worker.ts'), {
      cwd: ROOT,
      execArgv: ['--import', 'tsx', `--max-old-space-size=${MAX_HEAP}`],
    });
    let at = -1;
    let tally = null;
    let isSilent = false;
    const giveUp = () => {
      isSilent = true;
      worker.kill('SIGKILL');
    };
    let silence = setTimeout(giveUp, SILENCE_MS);
    worker.on('message', (message) => {
      clearTimeout(silence);
      silence = setTimeout(giveUp, SILENCE_MS);
      if (message.kind === 'tally') {
        tally = message.tally;
        return;
      }
      at = message.index;
      progress.step();
    });
    worker.on('exit', (code, signal) => {
      clearTimeout(silence);
      const why = isSilent
        ? `took over ${SILENCE_MS / 1000} s`
        : `ended the process (${signal ?? `exit code ${code}`})`;
      const lost = {
        inputs: 0,
        characters: 0,
        outcomes: {},
        counts: {},
        worst: {},
        failures: [],
        losses: [`input ${at}: ${why}`],
      };
      resolve(tally === null || code !== 0 ? lost : { ...tally, losses: [] });
    });
    worker.send({ name, part });
  });
}

function sum(tallies) {
  const outcomes = {};
  const counts = {};
  const worst = {};
  for (const tally of tallies) {
    for (const [outcome, count] of Object.entries(tally.outcomes))
      outcomes[outcome] = (outcomes[outcome] ?? 0) + count;
    for (const [name, count] of Object.entries(tally.counts)) counts[name] = (counts[name] ?? 0) + count;
    for (const [outcome, measured] of Object.entries(tally.worst))
      worst[outcome] = largest(worst[outcome] ?? {}, measured);
  }
  return {
    counts,
    worst,
    inputs: tallies.reduce((total, { inputs }) => total + inputs, 0),
    characters: tallies.reduce((total, { characters }) => total + characters, 0),
    outcomes,
    failures: tallies.flatMap(({ failures }) => failures),
    losses: tallies.flatMap(({ losses }) => losses),
  };
}

/** What was counted and measured beside the outcomes; nothing where nothing was. */
function table({ outcomes, counts, worst }) {
  const counted = Object.entries(counts)
    .sort(([, a], [, b]) => b - a)
    .map(([name, count]) => `${name} ${count}`);
  const measured = Object.entries(worst)
    .filter(([, values]) => Object.keys(values).length > 0)
    .map(([outcome, values]) =>
      [outcome, outcomes[outcome], ...Object.entries(values).map(([name, value]) => `${name} ${value}`)].join(
        ' | ',
      ),
    );
  return [...(counted.length > 0 ? [`counted: ${counted.join(', ')}`] : []), ...measured];
}

function describe({ inputs, characters, outcomes, seconds, failures, losses, reason }) {
  if (reason !== undefined) return `not run: ${reason}`;
  const counts = Object.entries(outcomes)
    .sort(([, a], [, b]) => b - a)
    .map(([outcome, count]) => `${outcome} ${count}`);
  const length = inputs === 0 ? 0 : Math.round(characters / inputs);
  const verdict = failures.length + losses.length === 0 ? 'no failure' : 'FAILED';
  return (
    `${inputs} inputs of ${length} characters in ${seconds.toFixed(1)} s (${Math.round(inputs / seconds)} a second): ` +
    `${verdict}; ${counts.join(', ')}`
  );
}

/** Prints all results once more, together. Returns the exit code. */
function report(all) {
  const isGood = all.length > 0 && all.every(({ failures, losses }) => failures.length + losses.length === 0);
  console.log(`\nnightly: seed ${seed}`);
  for (const result of all) console.log(`  ${result.name}: ${describe(result)}`);
  if (all.length === 0) console.log('  no campaign was run');
  console.log(isGood ? 'nightly: all claims held' : 'nightly: FAILED');
  return isGood ? 0 : 1;
}
