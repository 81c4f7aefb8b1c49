// Says what the daemon does, until it has seen COUNT events: node examples/client/watch.mjs [SOCKET] [COUNT]
import { connect, DaemonError } from 'vmc/client';

const [socket, count = 'Infinity'] = process.argv.slice(2);
const client = connect(socket ? { socket } : {});
try {
  const { policy, mode, guests } = await client.status();
  console.log(`${policy.name}: mode ${mode?.id}, ${guests.length} guests`);
  for (const { name, class: className, controls } of guests) {
    for (const { summary, measure } of controls)
      console.log(
        `${name} (${className}): ${summary}, gets ${measure?.deliveredInMode} of ${measure?.promised}`,
      );
  }
  let seen = 0;
  // Goes on where it was when the daemon is started again.
  for await (const { sequence, message } of client.events({ reconnect: true })) {
    console.log(`${sequence} ${message}`);
    if (++seen >= Number(count)) break;
  }
} catch (error) {
  if (!(error instanceof DaemonError)) throw error;
  console.error(error.code, error.problem?.type ?? '', error.message);
  process.exitCode = 4;
} finally {
  client.close();
}
