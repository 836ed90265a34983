/** Module hook: whoever imports 'uvu' gets the recording one (uvu.mjs), which alone gets the real one. */
const recording = new URL('./uvu.mjs', import.meta.url).href;

/** @type {import('node:module').ResolveHookSync & import('node:module').ResolveHook} */
export function resolve(specifier, context, nextResolve) {
	if (specifier === 'uvu' && context.parentURL !== recording) return { url: recording, shortCircuit: true };
	return nextResolve(specifier, context);
}
