// Asks for something that needs a place in epoll, after it has said MARK; says what it is told. Run under strace, which
// lets the first epoll_ctl after MARK fail. With "count" it ends there: to learn how many came before.
import { writeSync } from 'node:fs';
import { getSystemErrorName } from 'node:util';
import { Handle, Listener, currentDriver, noEvents } from '@net/loop';

const driver = currentDriver();
const nameOf = (errno) => (errno < 0 ? getSystemErrorName(errno) : errno);
const mark = () => {
	writeSync(1, 'MARK\n');
	if (process.argv[3] === 'count') process.exit();
};

function pair(then) {
	const listener = new Listener(
		driver,
		{
			listen() {},
			accept(_listener, handle) {
				listener.close();
				setImmediate(() => then(client, handle));
			},
			error() {},
			close() {},
		},
		true,
	);
	driver.listenTcp(listener, '127.0.0.1', 0, 511, 0);
	const client = new Handle(driver);
	driver.connectTcp(client, '127.0.0.1', listener.local.port);
}

const cases = {
	connect() {
		pair((client, peer) => {
			const late = new Handle(driver);
			mark();
			// Whether anybody listens there is of no importance: it does not come so far.
			console.log('connect', nameOf(driver.connectTcp(late, '127.0.0.1', 1)));
			for (const handle of [late, client, peer]) handle.close();
		});
	},
	resume() {
		pair((client, peer) => {
			client.events = {
				...noEvents,
				error(_client, errno) {
					console.log('error', nameOf(errno));
					peer.close();
				},
			};
			mark();
			// Not closed: what can't be waited for keeps nothing alive.
			client.resume();
		});
	},
	write() {
		pair((client, peer) => {
			client.events = {
				...noEvents,
				written(_client, errno) {
					console.log('written', nameOf(errno), client.outstanding);
					peer.close();
				},
			};
			mark();
			client.write(Buffer.alloc(32 << 20));
		});
	},
	listen() {
		const handle = new Handle(driver, {
			...noEvents,
			close: () => console.log('close'),
		});
		const listener = new Listener(driver, { listen() {}, accept() {}, error() {}, close() {} });
		driver.bindTcp(handle, '127.0.0.1', 0, 0);
		mark();
		console.log('listen', nameOf(driver.listenBound(listener, handle, 511)));
		handle.close();
	},
};
cases[process.argv[2]]();
