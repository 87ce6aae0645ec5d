import type { ReactElement } from "react";
import type { PanelDevice, PanelState } from "../../../shared/events/operator.ts";
import { useWords } from "../../ui/words-context.ts";
import { usePanel } from "../panel-context.ts";
import type { SignName } from "../pictures.ts";
import { Sign } from "../Sign.tsx";
import { awaitsPlace } from "../step.ts";
import type { PageState } from "../step.ts";
import { useText } from "../text/text.ts";

const SIGNS: Readonly<Record<PanelDevice["kind"], SignName>> = {
  serial: "serial",
  pcsc: "pcsc",
  evdev: "keyboard",
  virtual: "virtual",
};

/** Devices that are there and may be readers: what keeps us from using one, and what listening to it brought. */
export function Devices({ page, state }: { page: PageState; state: PanelState }): ReactElement | null {
  const { readers: text } = useText();
  const words = useWords();
  if (state.devices.length === 0) {
    if (state.readers.length > 0) return null;
    return (
      <section className="op-empty">
        <Sign name="reader" />
        <h2>{text.emptyTitle}</h2>
        <p>{text.emptyDetail}</p>
      </section>
    );
  }
  return (
    // Open where it is all there is; then out of the way of the board.
    <details className="op-devices" open={state.readers.length === 0}>
      <summary>
        <Sign name={state.devices.some(({ trouble }) => trouble !== null) ? "warn" : "plus"} />
        <span>{words.count(text.devices, state.devices.length)}</span>
      </summary>
      <p className="op-note">{text.devicesDetail}</p>
      <ul>
        {state.devices.map((device) => (
          <DeviceCard
            key={device.id}
            device={device}
            isHeard={awaitsPlace(page)?.id === device.id}
            isHeld={page.hand === device.id}
          />
        ))}
      </ul>
    </details>
  );
}

interface DeviceCardProps {
  device: PanelDevice;
  isHeard: boolean;
  isHeld: boolean;
}

function DeviceCard({ device, isHeard, isHeld }: DeviceCardProps): ReactElement {
  const { readers: text } = useText();
  const { say } = useWords();
  const { send, act } = usePanel();
  // What a serial device is nobody knows before it was heard.
  const isKnown = device.found !== null || device.kind !== "serial";
  const said = device.listening === null ? null : text.listening[device.listening];
  return (
    <li className="op-device" data-device={device.id} data-heard={isHeard} data-trouble={device.trouble !== null}>
      <Sign name={isHeard ? "badge" : SIGNS[device.kind]} />
      <span className="op-device-name">
        <b dir="auto">{device.found ?? device.name}</b>
        <span dir="auto">{[text.kinds[device.kind], device.port].filter((word) => word !== null).join(" · ")}</span>
      </span>
      {said !== null && <span className="op-device-said">{said}</span>}
      {device.trouble === null ? (
        <button
          type="button"
          className="op-button"
          aria-pressed={isHeld}
          aria-label={`${isKnown ? text.useDevice : text.teach}: ${device.name}`}
          onClick={() =>
            isKnown ? send({ kind: "touch-reader", id: device.id }) : act({ kind: "listen", ask: false, target: null })
          }
        >
          {isKnown ? text.useDevice : text.teach}
        </button>
      ) : (
        <p className="op-trouble op-device-trouble">
          <Sign name="warn" />
          <span>{say(device.trouble)}</span>
        </p>
      )}
    </li>
  );
}
