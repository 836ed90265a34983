// A child gets a descriptor as its stdin, which makes the open socket blocking; then the parent goes on with its own.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Handle, Listener, currentDriver, noEvents } from '@net/loop';

const driver = currentDriver();

function listening(accept, paused = false) {
	const listener = new Listener(driver, { listen() {}, accept, error() {}, close() {} }, paused);
	// Without an address: it listens at once, on either driver.
	driver.listenTcp(listener, undefined, 0, 511, 0);
	return listener;
}

/** Says whether the child's start has made it blocking: it is how libuv starts children. */
function share(shared) {
	// Of the portable driver: what the host keeps to itself.
	const fd = shared.fd < 0 ? shared.host._handle.fd : shared.fd;
	spawnSync(process.execPath, ['-e', ''], { stdio: [fd, 'ignore', 'ignore'] });
	const flags = /^flags:\s*(\d+)$/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8'))[1];
	const O_NONBLOCK = 0o4000;
	console.log((Number.parseInt(flags, 8) & O_NONBLOCK) === 0 ? 'blocking' : 'still non-blocking');
}

const cases = {
	accept() {
		const listener = listening((_listener, handle) => {
			console.log('accepted');
			handle.close();
			client.close();
			listener.close();
		});
		share(listener);
		const client = new Handle(driver);
		driver.connectTcp(client, '127.0.0.1', listener.local.port);
	},
	send() {
		const listener = listening((_listener, handle) => {
			share(client);
			client.write(Buffer.alloc(32 << 20));
			client.flush();
			console.log('sent', client.backlog > 0 ? 'a part' : 'all');
			handle.close();
			client.close();
			listener.close();
		}, true);
		const client = new Handle(driver, noEvents);
		driver.connectTcp(client, '127.0.0.1', listener.local.port);
	},
};
cases[process.argv[2]]();
