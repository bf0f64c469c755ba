// A reverse proxy that adds an API key: the suite cannot send one, and the pool answers nobody without.
// `node add-api-key.mjs TARGET` with OBSCURA_API_KEY prints its own address and serves until it is ended.

import http from "node:http";

const target = new URL(process.argv[2]);
const authorization = `Bearer ${process.env.OBSCURA_API_KEY}`;

const server = http.createServer((request, response) => {
  const forwarded = http.request(
    {
      host: target.hostname,
      port: target.port,
      path: request.url,
      method: request.method,
      // Host and Origin go through as they are: refusing some is a part of what is tested.
      headers: { ...request.headers, authorization },
    },
    (answer) => {
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
    },
  );
  forwarded.on("error", () => response.destroy());
  response.on("close", () => forwarded.destroy());
  request.pipe(forwarded);
});
server.listen(0, "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}`));
