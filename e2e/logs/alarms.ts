/** Who is alarmed: on the screens, and in the organiser's list of stations. */
import type { Organiser } from "../rig/organiser.ts";
import type { Kiosk } from "../venue/kiosk.ts";

/** What the screens and the list say is wrong; empty when nothing is. */
export async function alarms(organiser: Organiser, kiosks: readonly Kiosk[]): Promise<string[]> {
  const screens = kiosks.flatMap((kiosk) => {
    const { branch } = kiosk.screen();
    return branch === null ? [] : [`${kiosk.name}: ${branch}`];
  });
  const { stations } = await organiser.stations();
  const branches = stations.flatMap(({ name, branches: logs }) =>
    logs.filter(({ standing }) => standing !== "taken").map(({ standing }) => `list, ${name}: ${standing}`),
  );
  return [...screens, ...branches];
}

/** The one log that is set aside. */
export async function logAside(organiser: Organiser): Promise<string> {
  const { stations } = await organiser.stations();
  const aside = stations.flatMap(({ branches }) => branches).filter(({ standing }) => standing === "aside");
  if (aside.length !== 1 || aside[0] === undefined) throw new Error(`${aside.length} logs are set aside`);
  return aside[0].log;
}
