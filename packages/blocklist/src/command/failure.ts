/** Errors that a user can do something about, in one line. */
import { ListError } from '../formats/problem.ts';

/** Its message is all that is to be said. */
export class Failure extends Error {}

const reasons: Readonly<Record<string, string>> = {
	ENOENT: 'there is no such file',
	EACCES: 'you may not read it',
	EPERM: 'you may not do that',
	EISDIR: 'it is a folder; name the files in it',
	ENOTDIR: 'there is no such file',
	ENOSPC: 'no space is left',
	EROFS: 'nothing can be written there',
	Z_BUF_ERROR: 'its gzip data ends too early; fetch it again',
	Z_DATA_ERROR: 'its gzip data is broken; fetch it again',
};

/** Any error as one of these. @param file - what was being read or written. */
export function failureOf(error: unknown, file?: string): Failure {
	if (error instanceof Failure) return error;
	if (error instanceof ListError) {
		return new Failure(`${error.message} (without --strict, such lines are told and passed over)`);
	}
	const { code, message } = error instanceof Error ? withCode(error) : { code: '', message: String(error) };
	const reason = reasons[code] ?? message.replace(/\s*\n\s*/g, ' ');
	return new Failure(file === undefined ? reason : `${file}: ${reason}`);
}

function withCode(error: Error & { code?: unknown }): { code: string; message: string } {
	return { code: typeof error.code === 'string' ? error.code : '', message: error.message };
}
