/** What a reader of the reference would look at and find a bare name. */
import { ReflectionKind } from 'typedoc';

/** How many levels beneath the project the exports of a module stand. */
const EXPORT = 2;
const MEMBERS = [ReflectionKind.Property, ReflectionKind.Method, ReflectionKind.Accessor];

/**
 * Looks for exports without a description, and for members of classes and interfaces without one.
 * @param {import('typedoc').ProjectReflection} project
 * @returns {string[]} full names.
 */
export function undescribed(project) {
	return project
		.getReflectionsByKind(ReflectionKind.All)
		.filter((each) => each.isDeclaration() && isWanted(each) && !isDescribed(each))
		.map((each) => each.getFullName());
}

/** @param {import('typedoc').DeclarationReflection} reflection */
function isWanted(reflection) {
	if (reflection.isReference() || reflection.flags.isExternal) return false;
	const depth = depthOf(reflection);
	if (depth === EXPORT) return true;
	return depth === EXPORT + 1 && reflection.kindOf(MEMBERS);
}

/** @param {import('typedoc').DeclarationReflection} reflection */
function isDescribed(reflection) {
	const type = reflection.type?.type === 'reflection' ? reflection.type.declaration : undefined;
	const signatures = [...(reflection.signatures ?? []), ...(type?.signatures ?? []), reflection.getSignature];
	return reflection.hasComment() || signatures.some((each) => each?.hasComment());
}

/** @param {import('typedoc').Reflection} reflection */
function depthOf(reflection) {
	let depth = 0;
	for (let each = reflection.parent; each !== undefined; each = each.parent) depth++;
	return depth;
}
