/** Node's permission model: `--permission` without `--allow-net`, and `process.permission.drop('net')`. */

// Older hosts have the model, know nothing of sockets, and answer false to what they do not know.
const known = process.permission !== undefined && process.allowedNodeEnvironmentFlags.has('--allow-net');

/** Whether this process may not open sockets now: drivers answer by EACCES. */
export function isForbidden(): boolean {
	return known && !process.permission.has('net');
}
