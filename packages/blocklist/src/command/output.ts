/** What goes to stdout. */
import { once } from 'node:events';

let watched = false;

/** Writes texts or bytes, no faster than they are taken. Who stops listening (`| head`) ends the command, which is no error. */
export async function print(texts: Iterable<string | Uint8Array>): Promise<void> {
	const { stdout } = process;
	if (!watched) {
		watched = true;
		stdout.on('error', (error: Error & { code?: string }) => {
			if (error.code === 'EPIPE') process.exit(0);
			process.stderr.write(`net-blocklist: cannot write: ${error.message}\n`);
			process.exit(2);
		});
	}
	for (const text of texts) if (!stdout.write(text)) await once(stdout, 'drain');
}

const TEXT_LENGTH = 65_536;

/** Lines joined to texts that are worth a write each. */
export function* joinLines(lines: Iterable<string>): Generator<string, void, undefined> {
	let text = '';
	for (const line of lines) {
		text += `${line}\n`;
		if (text.length < TEXT_LENGTH) continue;
		yield text;
		text = '';
	}
	if (text !== '') yield text;
}
