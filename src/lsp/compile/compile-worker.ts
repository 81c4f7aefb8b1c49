import { parentPort } from 'node:worker_threads';
import { type CompileJob, runCompileJob } from './compile-job.js';

/*
 * The thread that compiles for the language server: a policy may take seconds, and keys are pressed meanwhile.
 */

parentPort?.on('message', (job: CompileJob) => {
  parentPort?.postMessage(runCompileJob(job));
});
