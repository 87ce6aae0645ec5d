/** A station's door in a process of its own, which is killed while it looks at a try. For tests only. */
import { systemClock } from "../clock.ts";
import { createPinDoor } from "./pin-door.ts";
import { hashPin } from "./pin-hash.ts";
import { openSettings } from "./settings.ts";

const [directory = ""] = process.argv.slice(2);
const door = createPinDoor({
  ...systemClock,
  settings: openSettings(directory),
  hash: hashPin,
  async verify() {
    process.send?.("checking");
    return new Promise(() => setInterval(() => {}, 1_000));
  },
  onPin: () => {},
});
void door.enter("9000");
