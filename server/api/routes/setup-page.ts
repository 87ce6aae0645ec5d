/** `/setup`: the page behind the link that the server prints once. */
import { join } from "node:path";
import fastifyStatic from "@fastify/static";
import type { FastifyInstance } from "fastify";
import { PAGE_POLICY } from "../security-headers.ts";

const PAGE_FOLDER = join(import.meta.dirname, "..", "..", "admin", "setup-page");

export function addSetUpPage(app: FastifyInstance): void {
  void app.register(fastifyStatic, { root: PAGE_FOLDER, serve: false, cacheControl: false });
  const files = { "/setup": "index.html", "/setup/setup.js": "setup.js", "/setup/setup.css": "setup.css" };
  for (const [url, file] of Object.entries(files)) {
    app.get(url, { schema: { hide: true }, config: { access: "public" } }, (_request, reply) => {
      return reply.header("content-security-policy", PAGE_POLICY).sendFile(file);
    });
  }
}
