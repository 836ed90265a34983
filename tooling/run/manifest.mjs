/**
 * What pnpm writes into a tarball in the place of a package.json (its hook `beforePacking`): without what only this repository
 * can use. The names of its tooling are nobody's on a registry, and who had them there would be in a user's audit.
 */

/** @typedef {{ devDependencies?: object, scripts?: object, napi?: object }} Manifest */

export const hooks = {
	/** @param {Manifest} manifest */
	beforePacking({ devDependencies: _tools, scripts: _tasks, napi: _targets, ...published }) {
		return published;
	},
};
