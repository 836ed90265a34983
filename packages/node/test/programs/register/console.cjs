// Reads standard input to its end, prints its length and much more.
const net = require('net');

const [how] = process.argv.slice(2);
process.on('message', (message) => process.send({ number: message.number + 1 }));
let length = 0;
process.stdin.on('data', (chunk) => (length += chunk.length));
process.stdin.on('end', () => {
	console.log(`read ${length}, ${process.stdout instanceof net.Socket}, ${process.stdin instanceof net.Socket}`);
	console.log(`Node's own: ${!('flush' in process.stdout) && !('flush' in process.stdin)}`);
	if (how === 'messages') return;
	process.stdout.write('x'.repeat(how === 'exit' ? 50_000 : 2_000_000));
	console.error('done');
	if (how === 'exit') process.exit(3);
});
