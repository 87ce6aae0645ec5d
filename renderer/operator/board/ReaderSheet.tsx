import { useState } from "react";
import type { ReactElement } from "react";
import { MAX_READER_NAME_LENGTH } from "../../../shared/domain/mapping.ts";
import type { PanelReader, PanelState } from "../../../shared/events/operator.ts";
import { useWords } from "../../ui/words-context.ts";
import { Dialog } from "../Dialog.tsx";
import { TextField } from "../keys/TextField.tsx";
import { usePanel } from "../panel-context.ts";
import { Sign } from "../Sign.tsx";
import { sayAgo } from "../since.ts";
import { useText } from "../text/text.ts";
import { FormatPart } from "./FormatPart.tsx";
import { GapPart } from "./GapPart.tsx";
import { PlacePart } from "./PlacePart.tsx";
import { RemovePart } from "./RemovePart.tsx";
import { SignalPart } from "./SignalPart.tsx";

interface ReaderSheetProps {
  reader: PanelReader;
  state: PanelState;
  nowMs: number;
}

/** Everything about one reader that is seldom needed. */
export function ReaderSheet({ reader, state, nowMs }: ReaderSheetProps): ReactElement {
  const { more } = useText();
  const { say } = useWords();
  const { send, act } = usePanel();
  const [renames, setRenames] = useState(false);
  const close = (): void => send({ kind: "close-sheet" });
  if (renames) {
    return (
      <Dialog key="name" title={more.rename} isWide reader={reader.id} onClose={() => setRenames(false)}>
        <TextField
          label={more.name}
          purpose="name"
          start={reader.name}
          longest={MAX_READER_NAME_LENGTH}
          save={more.save}
          cancel={more.cancel}
          onSave={(name) => {
            act({ kind: "rename", id: reader.id, name });
            setRenames(false);
          }}
          onCancel={() => setRenames(false)}
        />
      </Dialog>
    );
  }
  return (
    <Dialog key="settings" title={reader.name} reader={reader.id} onClose={close}>
      {reader.reason !== null && (
        <p className="op-trouble">
          <Sign name="reader-lost" />
          <span>{say(reader.reason)}</span>
        </p>
      )}
      <Facts reader={reader} nowMs={nowMs} />
      <div className="op-actions">
        <button type="button" className="op-button" onClick={() => setRenames(true)}>
          <Sign name="provisional" />
          <span>{more.rename}</span>
        </button>
        <button
          type="button"
          className="op-button"
          onClick={() => send({ kind: "open-sheet", sheet: { id: reader.id, part: "wizard" } })}
        >
          <Sign name="swap" />
          <span>{more.compare}</span>
        </button>
      </div>
      <PlacePart reader={reader} poll={state.poll} />
      <SignalPart reader={reader} />
      <GapPart reader={reader} />
      <FormatPart reader={reader} state={state} />
      <RemovePart reader={reader} onRemoved={close} />
    </Dialog>
  );
}

function Facts({ reader, nowMs }: { reader: PanelReader; nowMs: number }): ReactElement {
  const { readers: text } = useText();
  const words = useWords();
  const ago = (atMs: number | null): string => (atMs === null ? text.never : sayAgo(words.language, nowMs - atMs));
  return (
    <dl className="op-facts">
      <div>
        <dt>{text.kinds[reader.kind]}</dt>
        <dd dir="auto">{reader.port ?? "–"}</dd>
      </div>
      <div>
        <dt>{text.lastPresent}</dt>
        <dd>{ago(reader.state === "present" ? nowMs : reader.lastPresentAtMs)}</dd>
      </div>
      <div>
        <dt>{text.lastTap}</dt>
        <dd>{ago(reader.lastTapAtMs)}</dd>
      </div>
      <div>
        <dt>{words.count(text.taps, reader.taps)}</dt>
        <dd>{words.count(text.errors, reader.errors)}</dd>
      </div>
    </dl>
  );
}
