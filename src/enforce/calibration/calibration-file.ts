import { readFileSync } from 'node:fs';
import { release } from 'node:os';
import { join } from 'node:path';
import { putFile } from '../../support/put-file.js';
import { STATE_OF_HOST, stateDirectory } from '../state-directory.js';
import type { Calibration } from './calibration.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** What a reader can rely on: of damage elsewhere in the file nothing depends. */
type KeptCalibration = Pick<
  Calibration,
  'calibrationVersion' | 'kernelRelease' | 'measuredAt' | 'contextSwitchesNs'
>;

/** What is known of this machine. */
export interface FoundCalibration {
  /** Null: none, or none that can be used. */
  readonly calibration: KeptCalibration | null;
  /** Where it was found; null where there is none. */
  readonly file: string | null;
  /** Why the one that was found is not used, and what to do about it: a sentence without a full stop. */
  readonly problem: string | null;
}

const FILE = 'calibration.json';
const LONGEST_NS = 1_000_000;

/** Where a user's calibration is kept: in the {@link stateDirectory}. */
export function calibrationFile(
  env: Environment = process.env,
  uid: number = process.getuid?.() ?? 0,
): string {
  return join(stateDirectory(env, uid), FILE);
}

/** The user's own calibration; without one, that of the whole host. Takes a fraction of a millisecond. */
export function findCalibration(
  env: Environment = process.env,
  uid: number = process.getuid?.() ?? 0,
  kernelRelease: string = release(),
): FoundCalibration {
  const own = calibrationFile(env, uid);
  const files = env['VMC_STATE_DIR'] ? [own] : [own, join(STATE_OF_HOST, FILE)];
  for (const file of files) {
    const text = readText(file);
    if (text === null) continue;
    const calibration = text instanceof Error ? text : parseCalibration(text);
    const why = calibration instanceof Error ? calibration.message : staleness(calibration, kernelRelease);
    if (why === null) return { calibration: calibration as KeptCalibration, file, problem: null };
    return { calibration: null, file, problem: `${file} is ignored: ${why}; 'vmc calibrate' measures anew` };
  }
  return { calibration: null, file: null, problem: null };
}

/** Puts it there, whole or not at all. Throws Node's errno errors. */
export function keepCalibration(file: string, calibration: Calibration): void {
  putFile(file, `${JSON.stringify(calibration, null, 2)}\n`);
}

function readText(file: string): string | Error | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' || code === 'ENOTDIR' ? null : new Error(`it cannot be read (${code})`);
  }
}

function parseCalibration(text: string): KeptCalibration | Error {
  let document: Partial<Record<keyof Calibration, unknown>> | null;
  try {
    document = JSON.parse(text);
  } catch {
    return new Error('it is damaged: no JSON');
  }
  const { calibrationVersion, kernelRelease, measuredAt, contextSwitchesNs } = document ?? {};
  if (calibrationVersion !== 1) return new Error('it is damaged, or of another version of vmc');
  const plausible =
    Number.isInteger(contextSwitchesNs) && isBetween(contextSwitchesNs as number, 1, LONGEST_NS);
  if (!plausible || typeof kernelRelease !== 'string' || Number.isNaN(Date.parse(String(measuredAt))))
    return new Error('it is damaged: something is missing or out of range');
  return document as KeptCalibration;
}

const isBetween = (value: number, least: number, most: number): boolean => value >= least && value <= most;

const staleness = ({ kernelRelease }: KeptCalibration, running: string): string | null =>
  kernelRelease === running ? null : `measured on Linux ${kernelRelease}, and this is ${running}`;
