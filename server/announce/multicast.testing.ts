/** Does what is sent to a group over loopback come back at all? Some containers have no multicast. For tests only. */
import { createSocket } from "node:dgram";

const GROUP = "224.0.0.251";
const WAIT_MS = 1_000;

export const LOOPBACK = "127.0.0.1";
/** Not that of multicast DNS: what else is on this machine must neither hear us nor be heard. */
export const TEST_PORT = 40_000 + (process.pid % 20_000);

export async function hasMulticast(): Promise<boolean> {
  const socket = createSocket({ type: "udp4", reuseAddr: true });
  try {
    const heard = new Promise<true>((resolve) => void socket.once("message", () => resolve(true)));
    const failed = new Promise<false>((resolve) => void socket.once("error", () => resolve(false)));
    const late = new Promise<false>((resolve) => void setTimeout(resolve, WAIT_MS, false));
    await new Promise<void>((resolve) => void socket.bind(TEST_PORT, () => resolve()));
    socket.addMembership(GROUP, LOOPBACK);
    socket.setMulticastInterface(LOOPBACK);
    socket.send("?", TEST_PORT, GROUP);
    return await Promise.race([heard, failed, late]);
  } catch {
    return false;
  } finally {
    socket.close();
  }
}

/** A packet to everybody who listens there. */
export async function sayToAll(packet: Uint8Array): Promise<void> {
  const socket = createSocket({ type: "udp4", reuseAddr: true });
  await new Promise<void>((resolve) => void socket.bind(0, resolve));
  socket.setMulticastInterface(LOOPBACK);
  await new Promise<void>((resolve) => socket.send(packet, TEST_PORT, GROUP, () => resolve()));
  socket.close();
}
