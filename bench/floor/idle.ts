/** The floor of an idle link: a plain `ws` server, whose clients have said nothing. Listens on a free port. */
import { WebSocketServer } from "ws";

const server = new WebSocketServer({ host: "127.0.0.1", port: 0, perMessageDeflate: false });
server.once("listening", () => {
  const address = server.address();
  if (address !== null && typeof address === "object")
    console.log(`floor listening on http://127.0.0.1:${address.port}`);
});
