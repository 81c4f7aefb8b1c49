import { setPriority } from 'node:os';
import { parentPort } from 'node:worker_threads';
import { invariant } from '../support/invariant.js';
import { admissionDocument } from './admission-document.js';
import type { AdmissionDocument } from './admission-schema.js';
import { type LoadedPlan, loadPlan, planOf } from './load-plan.js';
import { type AdmissionRequest, type CompilerAnswer, type PlanRequest, partsOf } from './plan-protocol.js';

/*
 * The thread that compiles for the daemon. It takes its turn with everybody else: the daemon's steps go before it (the call is
 * about this thread alone).
 */

const port = parentPort;
invariant(port, 'the thread that compiles is started by the daemon');
setPriority(0);
port.on('message', (request: PlanRequest | AdmissionRequest) => port.postMessage(answer(request)));

function answer(request: PlanRequest | AdmissionRequest): CompilerAnswer {
  try {
    return { kind: 'done', result: resultOf(request) };
  } catch (error) {
    return { kind: 'failed', error: partsOf(error) };
  }
}

function resultOf(request: PlanRequest | AdmissionRequest): LoadedPlan | AdmissionDocument {
  switch (request.kind) {
    case 'file':
      return loadPlan(request.file, request.facts);
    case 'text':
      return planOf(request.source, request.facts);
    case 'admission':
      return admissionDocument(request.plan, request.request);
  }
}
