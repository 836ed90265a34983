import { systemError, validatePort } from '@net/errors';

try {
	validatePort(70_000, 'options.port');
} catch (error) {
	console.log(String(error));
}
console.log(systemError(-32, 'write').message);
