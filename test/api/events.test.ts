import { expect } from 'chai';
import type { EnforcerEvent } from '../../src/enforce/status.js';
import { type Serving, startServing } from './serving.js';

describe('the stream of events', () => {
  let serving: Serving;
  beforeEach(async () => {
    serving = await startServing();
  });
  afterEach(() => serving.stop());

  const append = (message: string) => serving.services.events.append({ kind: 'finding', message }, 0);

  async function take(stream: AsyncGenerator<EnforcerEvent>, count: number): Promise<string[]> {
    const messages: string[] = [];
    for (let i = 0; i < count; i++) messages.push((await stream.next()).value?.message);
    return messages;
  }

  it('begins with what is kept and goes on with what happens', async () => {
    append('before');
    const stream = serving.client.events();
    expect(await take(stream, 1)).to.deep.equal(['before']);
    append('first, after\nthe line broke');
    append('second');
    expect(await take(stream, 2)).to.deep.equal(['first, after\nthe line broke', 'second']);
    await stream.return(undefined);
  });

  it('resumes behind the event that was read last', async () => {
    for (const message of ['one', 'two', 'three']) append(message);
    const stream = serving.client.events({ after: 2 });
    expect(await take(stream, 1)).to.deep.equal(['three']);
    await stream.return(undefined);
  });

  it('ends when its reader gives up', async () => {
    append('one');
    const abort = new AbortController();
    const stream = serving.client.events({ signal: abort.signal });
    await take(stream, 1);
    abort.abort();
    expect(await stream.next()).to.deep.equal({ done: true, value: undefined });
  });

  it('does not keep the daemon from ending', async () => {
    append('one');
    const stream = serving.client.events();
    await take(stream, 1);
    await serving.app.close();
    expect((await stream.next()).done).to.equal(true);
  });
});
