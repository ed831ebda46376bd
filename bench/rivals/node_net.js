// What a user would write instead, in JavaScript: Node's net. As much of EasyTCP/1 as the benchmark asks for.
'use strict';
const net = require('node:net');

const NEWLINE = 10;

function upper(bytes) {
  const result = Buffer.allocUnsafe(bytes.length);
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i];
    result[i] = byte >= 97 && byte <= 122 ? byte - 32 : byte;
  }
  return result;
}

const server = net.createServer({ noDelay: true }, (socket) => {
  let waiting = Buffer.alloc(0);
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk) => {
    waiting = waiting.length === 0 ? chunk : Buffer.concat([waiting, chunk]);
    const replies = [];
    for (;;) {
      const end = waiting.indexOf(NEWLINE);
      if (end < 0) break;
      const length = Number(waiting.toString('latin1', waiting.indexOf(32) + 1, end));
      if (waiting.length < end + 1 + length) break;
      replies.push(Buffer.from(`OK ${length}\n`, 'latin1'), upper(waiting.subarray(end + 1, end + 1 + length)));
      waiting = waiting.subarray(end + 1 + length);
    }
    if (replies.length > 0) socket.write(Buffer.concat(replies));
  });
});

server.listen({ port: Number(process.argv[2]), host: '::', backlog: 4096 }, () => {
  console.log(`The server is ready to receive on port ${server.address().port}`);
});
