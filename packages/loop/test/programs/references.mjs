// One case of what keeps a process alive. Exit code 0: it ended by itself; 7: it was still there a moment later. A moment is
// many turns of the loop, so that a machine that stalls in one of them is not taken for a process that stays.
import { Handle, Listener, currentDriver, noEvents } from '@net/loop';

const driver = currentDriver();
const TURNS = 30;
const TURN_MS = 5;
let turns = 0;
const moment = setInterval(() => {
	if (++turns === TURNS) process.exit(7);
}, TURN_MS);
moment.unref();

/** An open connection with both ends here; the listener counts for nothing. */
function pair(then, before = () => {}, HandleClass = Handle) {
	const accepting = {
		listen() {},
		accept(_listener, handle) {
			handle.events = noEvents;
			both.push(handle);
			if (both.length === 2) then(...both);
		},
		error() {},
		close() {},
	};
	const listener = new Listener(driver, accepting, false, HandleClass);
	driver.listenTcp(listener, undefined, 0, 511, 0);
	listener.unref();
	const both = [];
	const client = new Handle(driver, {
		...noEvents,
		connect(handle) {
			both.unshift(handle);
			if (both.length === 2) then(...both);
		},
	});
	before(client);
	driver.connectTcp(client, '127.0.0.1', listener.local.port);
}

/** A handle that connects where nobody listens any more, and is not closed. */
function failing(ask) {
	const listener = new Listener(driver, {
		listen() {},
		accept() {},
		error() {},
		close() {
			const client = new Handle(driver, noEvents);
			driver.connectTcp(client, '127.0.0.1', port);
			ask(client);
		},
	});
	driver.listenTcp(listener, undefined, 0, 511, 0);
	const { port } = listener.local;
	listener.close();
}

const cases = {
	'a listener'() {
		const listener = new Listener(driver, { listen() {}, accept() {}, error() {}, close() {} });
		driver.listenTcp(listener, undefined, 0, 511, 0);
	},
	'an unreferenced listener'() {
		const listener = new Listener(driver, { listen() {}, accept() {}, error() {}, close() {} });
		driver.listenTcp(listener, undefined, 0, 511, 0);
		listener.unref();
	},
	'a listener unreferenced before it listens'() {
		const listener = new Listener(driver, { listen() {}, accept() {}, error() {}, close() {} });
		listener.unref();
		driver.listenTcp(listener, undefined, 0, 511, 0);
	},
	'a listener referenced again'() {
		const listener = new Listener(driver, { listen() {}, accept() {}, error() {}, close() {} });
		driver.listenTcp(listener, undefined, 0, 511, 0);
		listener.unref();
		listener.ref();
	},
	'a handle that reads'() {
		pair((client, peer) => {
			peer.unref();
			client.resume();
		});
	},
	'two handles that do not read'() {
		pair((_client, peer) => peer.pause());
	},
	'an unreferenced handle that reads'() {
		pair((client, peer) => {
			peer.pause();
			client.resume();
			client.unref();
		});
	},
	'a handle unreferenced before it connects'() {
		pair(
			(client, peer) => {
				peer.pause();
				client.resume();
			},
			(client) => client.unref(),
		);
	},
	'a handle referenced again while it connects'() {
		pair(
			(client, peer) => {
				peer.pause();
				client.resume();
			},
			(client) => {
				client.unref();
				process.nextTick(() => client.ref());
			},
		);
	},
	'a handle referenced again'() {
		pair((client, peer) => {
			peer.pause();
			client.resume();
			client.unref();
			client.ref();
		});
	},
	'a paused handle'() {
		pair((client, peer) => {
			client.resume();
			setImmediate(() => {
				client.pause();
				peer.pause();
			});
		});
	},
	'a write that the peer does not take'() {
		pair((client, peer) => {
			peer.pause();
			client.write(Buffer.alloc(32 << 20));
		});
	},
	'an unreferenced write that the peer does not take'() {
		pair((client, peer) => {
			peer.pause();
			client.unref();
			client.write(Buffer.alloc(32 << 20));
		});
	},
	'an empty write on a connect that fails'() {
		failing((client) => client.write(''));
	},
	'a half-close on a connect that fails'() {
		failing((client) => client.shutdown());
	},
	'an accepted handle that its class unreferences'() {
		class Unreferenced extends Handle {
			constructor(driver) {
				super(driver);
				this.unref();
			}
		}
		pair(
			() => {},
			() => {},
			Unreferenced,
		);
	},
	'nothing after all is closed'() {
		pair((client, peer) => {
			client.events = { ...noEvents, close: () => console.log('client closed') };
			peer.events = { ...noEvents, close: () => console.log('peer closed') };
			client.resume();
			client.close();
			peer.close();
		});
	},
};
cases[process.argv[2]]();
