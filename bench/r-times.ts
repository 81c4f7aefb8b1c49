import { spawnSync } from 'node:child_process';

/** What R needs for one call, in microseconds. */
export interface TimesOfR {
  readonly yuleWalkerUs: number;
  readonly burgUs: number;
  readonly forecastUs: number;
}

/** Medians over batches of ten calls, on the first 600 samples. */
const SCRIPT = `
x <- scan(commandArgs(TRUE)[1], skip = 1, quiet = TRUE)[1:600]
us <- function(f) {
  for (i in 1:200) f()
  median(replicate(100, { s <- Sys.time(); for (i in 1:10) f(); as.numeric(Sys.time() - s, units = "secs") })) * 1e5
}
fit <- ar.yw(x, order.max = 16, aic = FALSE)
cat(us(function() ar.yw(x, order.max = 16, aic = FALSE)),
    us(function() ar.burg(x, order.max = 16, aic = FALSE)),
    us(function() predict(fit, n.ahead = 30)))
`;

/** Null, and a line that says so, where R is not installed. */
export function timesOfR(trace: string): TimesOfR | null {
  const { status, stdout, error } = spawnSync('Rscript', ['-e', SCRIPT, trace], { encoding: 'utf8' });
  if (error || status !== 0) {
    console.error('R is not measured beside: Rscript (Debian: r-base-core) is not installed, or failed');
    return null;
  }
  const [yuleWalkerUs = Number.NaN, burgUs = Number.NaN, forecastUs = Number.NaN] = stdout
    .trim()
    .split(/\s+/)
    .map(Number);
  return { yuleWalkerUs, burgUs, forecastUs };
}
