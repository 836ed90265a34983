/** Module hook: whoever imports 'uvu' gets the recording one (uvu.mjs), which alone gets the real one. */
const recording = new URL('./uvu.mjs', import.meta.url).href;

/**
 * @param {string} specifier
 * @param {any} context - the hooks of Node 20 and of later ones differ in types alone
 * @param {(specifier: string, context: any) => any} nextResolve
 */
export function resolve(specifier, context, nextResolve) {
	if (specifier === 'uvu' && context.parentURL !== recording) return { url: recording, shortCircuit: true };
	return nextResolve(specifier, context);
}
