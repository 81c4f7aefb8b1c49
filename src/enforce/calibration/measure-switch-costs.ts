import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { packageRoot } from '../../support/package-root.js';
import { type CoreCosts, coreCosts } from './core-costs.js';
import { parseRounds, type VisitorClass } from './preemption-round.js';

const ROUNDS = 5;
const ROUND_NS = 150_000_000;
/** Output of a round is some 10 KB; of one on a machine that interrupts at every turn some 100 times that. */
const OUTPUT_BYTES = 64 * 1024 * 1024;

/** Enough to drive a working set out of the part of the cache that a core has to itself; more would only take longer. */
const SWEEP_BYTES = { least: 256 * 1024, usual: 1024 * 1024, most: 2 * 1024 * 1024 };

/**
 * Has processes preempt each other on one core for a second, with the best class up to `best` that they may have; null where
 * the core is too busy with other things. Throws with code ENOENT where there is no Perl, EINVAL where this process may not
 * use the core.
 */
export async function measureSwitchCosts(
  core: number,
  best: Exclude<VisitorClass, 'normal'>,
): Promise<CoreCosts | null> {
  const script = join(packageRoot(), 'src', 'enforce', 'calibration', 'switch-costs.pl');
  const args = [script, core, best, ROUNDS, ROUND_NS, sweepBytes(core)].map(String);
  const { stdout } = await promisify(execFile)('perl', args, { maxBuffer: OUTPUT_BYTES });
  return coreCosts(core, parseRounds(stdout));
}

/** The size of the core's second-level cache, as far as it is known. */
function sweepBytes(core: number): number {
  const { least, usual, most } = SWEEP_BYTES;
  let text: string;
  try {
    text = readFileSync(`/sys/devices/system/cpu/cpu${core}/cache/index2/size`, 'utf8');
  } catch {
    return usual;
  }
  const kibibytes = Number(/^(\d+)K$/.exec(text.trim())?.[1] ?? usual / 1024);
  return Math.min(Math.max(kibibytes * 1024, least), most);
}
