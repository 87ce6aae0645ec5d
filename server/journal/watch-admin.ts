/** Who logs in, and who tries to: for the journal and the metrics. Neither is told a password or a token. */
import type { Journal } from "../../shared/journal/journal.ts";
import type { ServerEvents } from "../../shared/journal/server-events.ts";
import type { Admin } from "../admin/admin.ts";
import type { ServerCounts } from "../metrics/server-counts.ts";

/** The same, watched. */
export function watchAdmin(
  admin: Admin,
  { note }: Pick<Journal<ServerEvents>, "note">,
  { logIns }: Pick<ServerCounts, "logIns">,
): Admin {
  return {
    ...admin,
    async logIn(password, address) {
      const loggedIn = await admin.logIn(password, address);
      logIns[loggedIn.ok ? "ok" : loggedIn.why]++;
      if (loggedIn.ok) note("admin.logged-in");
      else note("admin.login-failed", { why: loggedIn.why });
      return loggedIn;
    },
    async setUp(token, password) {
      const set = await admin.setUp(token, password);
      if (set.ok) note("admin.set-up");
      return set;
    },
  };
}
