import { SocketAddress, connectEndpoint, parseConnectArguments, parseListenArguments } from '@net/address';

console.log(SocketAddress.parse('[::1]:8080'));
console.log(parseListenArguments(['/tmp/echo.sock', 128]).endpoint);

const { options } = parseConnectArguments(['8124', '127.0.0.1']);
const { kind, port } = connectEndpoint(options);
console.log(kind, port);
