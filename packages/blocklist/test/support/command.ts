/** Runs the real command, for tests. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const commandPath: string = fileURLToPath(new URL('../../dist/command/net-blocklist.js', import.meta.url));

export interface Ran {
	code: number | null;
	stdout: string;
	stderr: string;
}

/** A folder of lists, in which commands run. */
export class Workplace {
	readonly folder: string = mkdtempSync(join(tmpdir(), 'net-blocklist-'));

	write(name: string, content: string | Uint8Array): string {
		writeFileSync(join(this.folder, name), content);
		return name;
	}

	/** @param input - what comes on stdin. */
	run(args: readonly string[], input: string | Uint8Array = ''): Ran {
		const { status, stdout, stderr } = spawnSync(process.execPath, [commandPath, ...args], {
			cwd: this.folder,
			encoding: 'utf8',
			input,
			maxBuffer: 2 ** 28,
			timeout: 30_000,
		});
		return { code: status, stdout, stderr };
	}

	remove(): void {
		rmSync(this.folder, { recursive: true });
	}
}
