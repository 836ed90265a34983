// Says which driver runs, or why none does.
import { currentDriver } from '@net/loop';

try {
	const driver = currentDriver();
	console.log(driver.name, driver === currentDriver());
} catch (error) {
	console.log(error.message);
}
