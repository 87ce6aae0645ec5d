/** What the page is told of its host: its name, and nothing it could call. Runs in the sandbox, bundled as CommonJS. */
import { contextBridge } from "electron";

contextBridge.exposeInMainWorld("kioskHost", Object.freeze({ host: "electron" }));
