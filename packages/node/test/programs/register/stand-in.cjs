// A preload that has put its own in the place of Node's before anybody registers.
const net = require('net');
const { connect } = net;
net.connect = net.createConnection = function own(...args) {
	return Reflect.apply(connect, this, args);
};
