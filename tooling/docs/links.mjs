/** What links of a site lead nowhere. */
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/**
 * Looks at each link of each page: whether the file is there, and on it the place that is named.
 * @param {string} site - a folder of HTML files.
 * @returns {string[]} a line for each, `page: link`.
 */
export function brokenLinks(site) {
	const broken = [];
	/** @type {Map<string, Set<string>>} */
	const places = new Map();
	const placesOf = (/** @type {string} */ file) => {
		const known = places.get(file);
		if (known !== undefined) return known;
		const found = new Set([...readFileSync(file, 'utf8').matchAll(/ id="([^"]+)"/g)].map(([, id = '']) => decode(id)));
		places.set(file, found);
		return found;
	};
	for (const page of readdirSync(site, { recursive: true, encoding: 'utf8' })) {
		if (!page.endsWith('.html')) continue;
		const file = join(site, page);
		for (const [, link = ''] of readFileSync(file, 'utf8').matchAll(/<a [^>]*href="([^"]*)"/g)) {
			if (/^[a-z]+:/.test(link)) continue;
			const [path = '', place] = decode(link).split('#');
			const target = path === '' ? file : join(dirname(file), decodeURIComponent(path));
			const there = existsSync(target) && statSync(target).isFile();
			if (there && (!place || !target.endsWith('.html') || placesOf(target).has(decodeURIComponent(place)))) continue;
			broken.push(`${relative(site, file)}: ${link}`);
		}
	}
	return [...new Set(broken)];
}

/** @param {string} text - of an attribute. */
function decode(text) {
	return text.replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}
