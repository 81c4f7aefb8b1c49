import { Value } from '@sinclair/typebox/value';
import { expect } from 'chai';
import { AdmissionSchema } from '../../src/api/admission-schema.js';
import { DaemonError } from '../../src/api/client.js';
import { planOf } from '../compiler/support.js';
import { type Serving, startServing } from './serving.js';

describe('POST /v1/admit', () => {
  let serving: Serving;

  before(async () => {
    serving = await startServing();
    const plan = planOf(POLICY);
    serving.services.plan = () => plan;
  });
  after(() => serving.stop());

  const POLICY = 'vm held { match name "held" and user "u" vcpus 1 }\nreserve held 40ms every 100ms';

  it('answers whether a request fits beside the plan in force', async () => {
    const document = await serving.client.admit(
      'vm new { match name "new" and user "u" vcpus 1 }\nreserve new 1ms every 100ms',
    );
    expect([...Value.Errors(AdmissionSchema, document)]).to.deep.equal([]);
    expect(document.answer?.request).to.deep.equal({ name: 'new', guests: 1, vcpus: 1 });
  });

  it('answers what is wrong with a request', async () => {
    const document = await serving.client.admit('reserve nobody 1ms every');
    expect([document.answer, document.diagnostics[0]?.severity]).to.deep.equal([null, 'error']);
  });

  it('refuses what is no request at all', async () => {
    const error = await serving.client.admit('').catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(DaemonError).with.property('status', 400);
  });
});
