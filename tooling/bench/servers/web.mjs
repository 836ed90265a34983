/** The web servers of `node:http` and `node:https`, whatever carries them. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { countAnswer, mode } from './control.mjs';

const BODY = 'Hello, world!\n';

/** The server of the mode `http` or `https`, not listening yet. */
export function webServer() {
	if (mode === 'http') return createServer(respond);
	const [key, cert] = [process.env['BENCH_KEY'], process.env['BENCH_CERTIFICATE']];
	if (key === undefined || cert === undefined) throw new Error('BENCH_KEY and BENCH_CERTIFICATE name the files');
	return createSecureServer({ key: readFileSync(key), cert: readFileSync(cert) }, respond);
}

/** @type {import('node:http').RequestListener} */
function respond(_request, response) {
	countAnswer();
	response.writeHead(200, { 'Content-Type': 'text/plain', 'Content-Length': BODY.length });
	response.end(BODY);
}
