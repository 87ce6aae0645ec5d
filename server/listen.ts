/** Listening for people and stations, or why not and what to do. */
import type { createApi } from "./api/api.ts";
import { ServerUnusable } from "./server-unusable.ts";

/** Where it listens now, as a URL. Throws `ServerUnusable`. */
export async function listen(
  api: Pick<ReturnType<typeof createApi>, "listen">,
  host: string,
  port: number,
): Promise<string> {
  try {
    const address = await api.listen({ host, port });
    return address;
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "EADDRINUSE") {
      const remedy = "Stop the program that uses it, or name another with --port (0 picks a free one).";
      throw new ServerUnusable("port-in-use", `Port ${port} is in use. ${remedy}`, { cause: error });
    }
    if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND" || code === "EACCES") {
      const remedy = "Give --host an address of this machine and --port a free one above 1023.";
      throw new ServerUnusable("cannot-listen", `Cannot listen on ${host} port ${port} (${code}). ${remedy}`, {
        cause: error,
      });
    }
    throw error;
  }
}
