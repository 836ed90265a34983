/** The platforms that have a package with a binary: Node's names of them and Rust's. */

/**
 * Rust's target by the platform. Those for glibc name the oldest one that they run with, which is what the oldest Node
 * here needs itself.
 */
export const targets = new Map([
	['linux-arm64-gnu', 'aarch64-unknown-linux-gnu.2.28'],
	['linux-arm64-musl', 'aarch64-unknown-linux-musl'],
	['linux-x64-gnu', 'x86_64-unknown-linux-gnu.2.28'],
	['linux-x64-musl', 'x86_64-unknown-linux-musl'],
]);

/** This machine's, whether there is a package for it or not. */
export function hostPlatform() {
	if (process.platform !== 'linux') return `${process.platform}-${process.arch}`;
	/** @type {any} the report's shape is not in @types/node */
	const report = process.report.getReport();
	return `linux-${process.arch}-${report.header.glibcVersionRuntime ? 'gnu' : 'musl'}`;
}
