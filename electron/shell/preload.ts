/**
 * What the page has of its host: its name, and the two ends of one channel for short texts. Runs in the sandbox, bundled
 * as CommonJS. It only carries: the page parses what it gets, and the shell does; a page that was taken over could speak
 * past this file anyway.
 */
import { contextBridge, ipcRenderer } from "electron";
import { HOST_CHANNEL, HOST_NAME, MAX_HOST_MESSAGE_CHARACTERS } from "../../shared/host/messages.ts";

const mayPass = (text: unknown): text is string =>
  typeof text === "string" && text.length <= MAX_HOST_MESSAGE_CHARACTERS;

contextBridge.exposeInMainWorld(
  HOST_NAME,
  Object.freeze({
    host: "electron",
    tell(text: unknown): void {
      if (mayPass(text)) ipcRenderer.send(HOST_CHANNEL, text);
    },
    listen(hear: (text: string) => void): void {
      // Not the event: it would hand the page the renderer's own end of the channel.
      ipcRenderer.on(HOST_CHANNEL, (_event, text: unknown) => {
        if (mayPass(text)) hear(text);
      });
    },
  }),
);
