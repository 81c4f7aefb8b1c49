import { RealHost } from '../test/enforce/linux/real-host.js';

/**
 * What `measure` answers about a real host with real guests, which gives everything back afterwards. Throws where the host had
 * something to tell: what it measured then is not what was set (a guardian, say, had given back a reservation). Needs root.
 */
export async function onRealHost<T>(measure: (real: RealHost) => Promise<T>): Promise<T> {
  const real = new RealHost();
  try {
    const measured = await measure(real);
    if (real.events.length > 0) throw new Error(`not measured as set: ${real.events.join('; ')}`);
    return measured;
  } finally {
    await real.close();
  }
}
