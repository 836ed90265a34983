/** Where the repository is, and which packages there are. Needs nothing installed: the tasks of tooling/run ask before that. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the whole. */
export const root = fileURLToPath(new URL('../../', import.meta.url));

/** @returns {{ name: string, folder: string, scripts: Record<string, string>, private: boolean }[]} */
export function packages() {
	const found = [];
	for (const parent of ['packages', 'packages/loop/npm', 'tooling']) {
		for (const entry of readdirSync(join(root, parent))) {
			const file = join(root, parent, entry, 'package.json');
			if (!existsSync(file)) continue;
			const { name, scripts = {}, private: isPrivate = false } = JSON.parse(readFileSync(file, 'utf8'));
			found.push({ name, folder: `${parent}/${entry}`, scripts, private: isPrivate });
		}
	}
	return found;
}
