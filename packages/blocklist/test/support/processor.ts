/** What work costs, on a machine that others use, too. */

/** Milliseconds of a processor that a call takes; of the time that passes meanwhile, others may have most. */
export function processorMs(call: () => void): number {
	const before = process.cpuUsage();
	call();
	const { user, system } = process.cpuUsage(before);
	return (user + system) / 1000;
}
