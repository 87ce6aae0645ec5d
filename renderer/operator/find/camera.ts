/** The kiosk's camera, read for QR codes. Holds the device only between `openCamera` and the function it gives back. */

// Soon enough to feel at once, seldom enough for a small computer.
const LOOK_EVERY_MS = 150;
// A code held at arm's length is still readable, and decoding takes a few milliseconds.
const LOOK_WIDTH_PX = 640;

/** Why there is no picture; each has its own words. */
export type CameraTrouble = "denied" | "missing" | "busy" | "insecure";

export interface CameraEnds {
  readonly onReady: () => void;
  readonly onCode: (text: string) => void;
  readonly onTrouble: (why: CameraTrouble) => void;
}

/** Shows the camera in `video` and tells every code it sees, until the function given back is called. */
export function openCamera(video: HTMLVideoElement, ends: CameraEnds): () => void {
  let stopped = false;
  let stream: MediaStream | null = null;
  let ticker: ReturnType<typeof setInterval> | undefined;

  const start = async (): Promise<void> => {
    // Browsers hide the camera from pages that came over plain HTTP from another computer.
    if (!isSecureContext) return ends.onTrouble("insecure");
    const [opened, { default: decode }] = await Promise.all([
      navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" }, audio: false }),
      import("jsqr"),
    ]);
    stream = opened;
    if (stopped) return letGo(opened);
    video.srcObject = opened;
    await video.play();
    ends.onReady();
    const look = createLook(video);
    ticker = setInterval(() => {
      const image = look();
      const code = image === null ? null : decode(image.data, image.width, image.height);
      if (code !== null && code.data !== "") ends.onCode(code.data);
    }, LOOK_EVERY_MS);
  };

  start().catch((error: unknown) => {
    if (!stopped) ends.onTrouble(troubleOf(error));
  });
  return () => {
    stopped = true;
    clearInterval(ticker);
    if (stream !== null) letGo(stream);
    video.srcObject = null;
  };
}

function letGo(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}

function createLook(video: HTMLVideoElement): () => ImageData | null {
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d", { willReadFrequently: true });
  return () => {
    if (context === null || video.videoWidth === 0) return null;
    const shrink = Math.min(1, LOOK_WIDTH_PX / video.videoWidth);
    canvas.width = Math.round(video.videoWidth * shrink);
    canvas.height = Math.round(video.videoHeight * shrink);
    context.drawImage(video, 0, 0, canvas.width, canvas.height);
    return context.getImageData(0, 0, canvas.width, canvas.height);
  };
}

/** The names are those of the Media Capture specification, section 10.2. */
function troubleOf(error: unknown): CameraTrouble {
  const name = error instanceof Error ? error.name : "";
  if (name === "NotAllowedError" || name === "SecurityError") return "denied";
  return name === "NotFoundError" || name === "OverconstrainedError" ? "missing" : "busy";
}
