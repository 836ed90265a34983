/**
 * docs: one browsable site of all packages, out of their TSDoc, their READMEs and the pages in packages/node/docs.
 * TypeDoc reads TypeScript by the compiler's API, which TypeScript 7 has none of: this package has TypeScript 6 for it.
 */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readArguments, refuse } from '@tooling/test/arguments';
import { Application, Converter, MinimalSourceFile, normalizePath } from 'typedoc';
import { undescribed } from './descriptions.mjs';
import { brokenLinks } from './links.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
/** What stands beneath comes first: what a package exports of another one is described there. */
const names = ['errors', 'ip', 'address', 'blocklist', 'loop', 'socket', 'server', 'node'];
const pages = [
	'packages/node/docs/moving.md',
	'packages/node/docs/which-package.md',
	'packages/node/docs/troubleshooting.md',
	'packages/node/COMPATIBILITY.md',
	'ARCHITECTURE.md',
	'CONTRIBUTING.md',
	'tooling/bench/README.md',
];

const help = `npm run docs [-- folder]     default: dist/docs

Leaves a site of all packages there. Exit code 1 when a page or a link has a fault, 2 when the arguments are wrong.
`;

const { values, positionals } = readArguments('docs', {
	allowPositionals: true,
	options: { help: { type: 'boolean' } },
});
if (values.help) {
	process.stdout.write(help);
	process.exit();
}
if (positionals.length > 1) refuse('docs', `one folder, not ${positionals.length}`);
/** Scripts run in their package's folder; a path is meant from where the user is. */
const out = resolve(process.env['INIT_CWD'] ?? '', positionals[0] ?? join(root, 'dist/docs'));
/** The modules that users import: name and README by the file of the source. */
const modules = new Map(names.flatMap(modulesOf));
const { repository } = readManifest('node');
const app = await Application.bootstrap({
	name: 'net-packages',
	readme: join(root, 'README.md'),
	entryPoints: [...modules.keys()],
	projectDocuments: pages.map((page) => join(root, page)),
	tsconfig: join(root, 'tooling/docs/tsconfig.json'),
	out,
	basePath: root,
	displayBasePath: root,
	excludePrivate: true,
	excludeInternal: true,
	// Members that streams and emitters of Node bring along.
	excludeExternals: true,
	// Sources are read where each package.json says.
	disableGit: true,
	sourceLinkTemplate: `${repository.url.replace(/^git\+|\.git$/g, '')}/blob/main/{path}#L{line}`,
	customCss: join(root, 'tooling/docs/site.css'),
	externalSymbolLinkMappings: {
		'@types/node': {
			'Stream.Writable.write': 'https://nodejs.org/api/stream.html#writablewritechunk-encoding-callback',
			'Stream.Writable.end': 'https://nodejs.org/api/stream.html#writableendchunk-encoding-callback',
		},
	},
	sort: ['documents-first', 'source-order'],
	sortEntryPoints: false,
	navigation: { includeCategories: false, includeGroups: false, includeFolders: false },
	logLevel: 'Warn',
});
app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
	leaveOut(project);
	name(project);
});

const project = await app.convert();
if (project === undefined) throw new Error('the sources cannot be read: see above');
app.validate(project);
for (const line of undescribed(project)) app.logger.warn(`says nothing: ${line}`);
await app.generateOutputs(project);
const broken = brokenLinks(out);
for (const link of broken) app.logger.warn(`leads nowhere: ${link}`);
if (app.logger.hasErrors() || app.logger.hasWarnings()) throw new Error('the site has faults: see the warnings above');
console.log(`open ${join(out, 'index.html')}`);

/**
 * What is there for programs that know Node's insides, and the form in which `require` gets the module.
 * @param {import('typedoc').ProjectReflection} project
 */
function leaveOut(project) {
	for (const reflection of Object.values(project.reflections)) {
		if (/^_|^module\.exports$/.test(reflection.name)) project.removeReflection(reflection);
	}
}

/**
 * Calls modules as they are imported, gives each its README or the head of its source, and calls pages by their headings.
 * @param {import('typedoc').ProjectReflection} project
 */
function name(project) {
	for (const reflection of project.children ?? []) {
		const known = modules.get(reflection.sources?.[0]?.fullFileName ?? '');
		if (known === undefined) throw new Error(`no module: ${reflection.name}`);
		reflection.name = known.name;
		const path = normalizePath(known.readme ?? known.source);
		const text = readFileSync(path, 'utf8');
		const file = new MinimalSourceFile(known.readme === undefined ? headComment(text) : text, path);
		reflection.readme = app.converter.parseRawComment(file, app.files).content;
		if (known.readme === undefined) continue;
		app.files.registerReflectionPath(path, reflection);
	}
	for (const document of project.documents ?? []) {
		const [, heading] = /^# (.+)$/m.exec(document.content.map(({ text }) => text).join('')) ?? [];
		if (heading === undefined) throw new Error(`a page without a heading: ${document.name}`);
		document.name = heading.replaceAll('`', '');
	}
	// From what most people look for to what stands beneath it.
	const order = names.toReversed().flatMap((folder) => modulesOf(folder).map(([, { name }]) => name));
	project.children?.sort((one, other) => order.indexOf(one.name) - order.indexOf(other.name));
	project.childrenIncludingDocuments = [...(project.documents ?? []), ...(project.children ?? [])];
}

/**
 * @param {string} folder
 * @returns {[source: string, { name: string, source: string, readme: string | undefined }][]}
 */
function modulesOf(folder) {
	const path = join(root, 'packages', folder);
	const { name, exports } = readManifest(folder);
	return Object.entries(exports)
		.filter(([, { types }]) => types !== undefined)
		.map(([subpath, { types }]) => {
			const source = join(path, types.replace('dist/', 'src/').replace('.d.ts', '.ts'));
			return [
				source,
				{ name: join(name, subpath), source, readme: subpath === '.' ? join(path, 'README.md') : undefined },
			];
		});
}

/** What a source says of itself, as Markdown. @param {string} text */
function headComment(text) {
	const [, comment = ''] = /^\/\*\*(.*?)\*\//s.exec(text) ?? [];
	return comment.replace(/^[ \t]*\* ?/gm, '').trim();
}

/** @param {string} folder */
function readManifest(folder) {
	return JSON.parse(readFileSync(join(root, 'packages', folder, 'package.json'), 'utf8'));
}
