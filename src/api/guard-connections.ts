import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { ClientCounts } from './client-counts.js';
import { clientOf } from './http-client-identity.js';
import { HTTP_LIMITS } from './http-limits.js';
import type { HttpTraffic } from './http-traffic.js';
import { isOwner } from './owner.js';

/**
 * Closes connections beyond what one client, or all together, may have, before anything is read from them. What the owner
 * has does not count with the others': nobody can keep him out.
 */
export function guardConnections(server: Server, owners: ReadonlySet<number>, traffic: HttpTraffic): void {
  const { mostConnections, ownersConnections, connectionsOfOne } = HTTP_LIMITS;
  const others = new ClientCounts(connectionsOfOne, mostConnections);
  const owner = new ClientCounts(ownersConnections, ownersConnections);
  server.on('connection', (socket: Socket) => {
    const own = isOwner(socket, owners);
    const giveBack = own ? owner.take('owner') : others.take(clientOf(socket).key);
    if (giveBack === null) {
      traffic.refused('connections');
      socket.destroy();
      return;
    }
    traffic.openConnections += 1;
    socket.once('close', () => {
      traffic.openConnections -= 1;
      giveBack();
    });
  });
}
