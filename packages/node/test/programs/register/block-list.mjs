// A block list, which is loaded late: its class, subclasses, and dgram, which takes none but Node's.
import dgram from 'node:dgram';
import { once } from 'node:events';
import net, { BlockList } from 'node:net';
import { inspect } from 'node:util';
import { say } from './trace.mjs';

const list = new BlockList();
list.addSubnet('10.0.0.0', 8);
say(list.check('10.1.2.3'), list.check('11.1.2.3'), list instanceof BlockList, {} instanceof BlockList);
say(BlockList === net.BlockList, list.constructor === BlockList, BlockList.name, typeof BlockList);
say(Object.keys(Object.getOwnPropertyDescriptors(BlockList)).includes('prototype'), inspect(list).slice(0, 10));
try {
	BlockList();
} catch ({ message }) {
	say(message);
}
class Counting extends BlockList {
	asked = 0;
	check(...args) {
		this.asked++;
		return super.check(...args);
	}
}
const counting = new Counting();
counting.addAddress('127.0.0.1');
say(counting.check('127.0.0.1'), counting.asked, counting instanceof Counting, list instanceof Counting);

// Node 20's has no such option.
if (!process.version.startsWith('v20.')) {
	const receiver = dgram.createSocket({ type: 'udp4', receiveBlockList: counting }).bind(0, '127.0.0.1');
	await once(receiver, 'listening');
	const sender = dgram.createSocket('udp4').bind(0, '127.0.0.1');
	await once(sender, 'listening');
	const check = new Promise((resolve) => {
		counting.check = (...args) => {
			resolve(args);
			return true;
		};
	});
	sender.send('x', receiver.address().port, '127.0.0.1');
	say('dgram', await check);
	receiver.close();
	sender.close();
}
