import { useEffect, useRef, useState } from "react";
import type { ReactElement } from "react";
import { Sign } from "../Sign.tsx";
import { scannedAddress } from "../scanned-address.ts";
import { useText } from "../text/text.ts";
import { openCamera } from "./camera.ts";
import type { CameraTrouble } from "./camera.ts";

type Seen =
  | { kind: "starting" }
  | { kind: "looking"; isOther: boolean }
  | { kind: "trouble"; why: CameraTrouble }
  | { kind: "address"; address: string };

interface ScannerProps {
  onUse: (address: string) => void;
  onCancel: () => void;
}

/** The server's address from a QR code before the camera. What was read is shown before it is used. */
export function Scanner({ onUse, onCancel }: ScannerProps): ReactElement {
  const { server: text } = useText();
  const [seen, setSeen] = useState<Seen>({ kind: "starting" });
  const video = useRef<HTMLVideoElement>(null);
  const done = seen.kind === "address";
  useEffect(() => {
    if (done || video.current === null) return;
    return openCamera(video.current, {
      onReady: () => setSeen({ kind: "looking", isOther: false }),
      onCode: (code) => {
        const address = scannedAddress(code);
        setSeen(address === null ? { kind: "looking", isOther: true } : { kind: "address", address });
      },
      onTrouble: (why) => setSeen({ kind: "trouble", why }),
    });
  }, [done]);
  return (
    <section className="op-scan">
      {seen.kind === "address" ? (
        <>
          <h1>{text.scanned}</h1>
          <p className="op-address-text" dir="ltr">
            {seen.address}
          </p>
        </>
      ) : (
        <>
          <h1>{text.scan}</h1>
          <div className="op-scan-window" data-on={seen.kind === "looking"}>
            <video ref={video} playsInline muted aria-hidden="true" />
            {seen.kind !== "looking" && <Sign name="camera" />}
          </div>
          <output className="op-note" data-tone={seen.kind === "trouble" ? "calm" : undefined}>
            {lineOf(seen, text)}
          </output>
        </>
      )}
      <div className="op-actions">
        <button type="button" className="op-button" onClick={onCancel}>
          {text.cancel}
        </button>
        {seen.kind === "address" && (
          <button type="button" className="op-button" data-strong="true" onClick={() => onUse(seen.address)}>
            {text.save}
          </button>
        )}
      </div>
    </section>
  );
}

function lineOf(seen: Exclude<Seen, { kind: "address" }>, text: ReturnType<typeof useText>["server"]): string {
  switch (seen.kind) {
    case "starting":
      return text.camera.starting;
    case "trouble":
      return text.camera[seen.why];
    case "looking":
      return seen.isOther ? text.camera.noAddress : text.scanDetail;
  }
}
