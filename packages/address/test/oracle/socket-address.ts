/** Prints what Node's SocketAddress makes of each of the options and texts. */
import { SocketAddress } from 'node:net';
import { describeAll } from '../support/socket-addresses.ts';

process.stdout.write(JSON.stringify(describeAll(SocketAddress)));
