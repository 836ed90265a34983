/** A value as JSON has it, to compare with what another process printed. */
export function plain(value: unknown): unknown {
	return JSON.parse(JSON.stringify(value));
}
