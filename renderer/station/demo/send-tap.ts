import type { DemoTap } from "../../../shared/events/stream.ts";

/** Tells the station that a virtual reader saw a badge. False when it did not take it, or is not there. */
export async function sendTap(tap: DemoTap): Promise<boolean> {
  try {
    const response = await fetch("/demo/taps", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(tap),
    });
    return response.ok;
  } catch {
    return false;
  }
}
