// Says which driver runs, or why none does.
import { currentLoop } from '@net/loop';

try {
	const loop = currentLoop();
	console.log(loop.driver.name, loop === currentLoop());
} catch (error) {
	console.log(error.message);
}
