import type { Calibration } from '../../enforce/calibration/calibration.js';
import type { Command, Context } from '../command.js';
import { refusal } from '../command-error.js';
import { ExitCode } from '../exit-code.js';
import { renderCalibration } from '../render/calibration.js';
import { reasonOf } from '../system-reason.js';

/** `vmc calibrate`: measured overheads. */
export const calibrateCommand: Command<{ 'dry-run': boolean }> = {
  usage: 'calibrate',
  describe:
    'Measure what the two context switches of a reservation cost on this machine in each period, and keep it: vmc facts has ' +
    'it from then on, and policies are compiled with it. Takes a second for each core, four at most, which has little time for others then.',
  positionals: {},
  options: {
    'dry-run': { type: 'boolean', default: false, describe: 'only measure' },
  },
  examples: [
    ['$0 calibrate', 'once, and again after a new kernel'],
    ['$0 calibrate --dry-run', 'what it would be'],
  ],
  run: async ({ 'dry-run': dryRun }, context) => {
    const { calibrationFile, keepCalibration } = await import(
      '../../enforce/calibration/calibration-file.js'
    );
    const calibration = await measure(context);
    const file = dryRun ? null : calibrationFile(context.env);
    if (file !== null) keep(() => keepCalibration(file, calibration), file);
    return {
      exitCode: ExitCode.done,
      json: { calibration, file },
      text: renderCalibration(calibration, file),
    };
  },
};

async function measure({ stderr, quiet }: Context): Promise<Calibration> {
  const { calibrate } = await import('../../enforce/calibration/calibrate.js');
  const shown = !quiet && stderr.isTTY === true;
  try {
    const calibration = await calibrate((index, count) => {
      if (shown) stderr.write(`\rmeasuring: core ${index + 1} of ${count}`);
    });
    if (calibration) return calibration;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw refusal('PERL', 'perl is not installed', 'apt-get install perl-base');
    throw error;
  } finally {
    if (shown) stderr.write('\r\u001b[K');
  }
  const hint = 'try again when less runs on it, or as root';
  throw refusal('BUSY', 'this machine is too busy to tell what a context switch costs', hint);
}

function keep(write: () => void, file: string): void {
  try {
    write();
  } catch (error) {
    const { code = 'EIO', message } = error as NodeJS.ErrnoException;
    throw refusal(code, `cannot write ${file}: ${reasonOf({ message })}`, '--dry-run only measures');
  }
}
