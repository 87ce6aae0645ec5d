/** The panel's own pictures, drawn like those of `ui/pictures.ts`: 24 × 24, one stroke, told apart by shape. */
import { PICTURES } from "../ui/pictures.ts";
import type { PictureName } from "../ui/pictures.ts";

const OWN = {
  server: "M4.5 4h15v6.500h-15zM4.500 13.500h15V20h-15zM8 7.250h.01M8 16.750h.01M12 7.250h4M12 16.750h4",
  reader: "M8.500 3.500v4M15.500 3.500v4M6 7.500h12v3.500a6 6 0 0 1-12 0zM12 17v4",
  check: "M8 4.500H5.500v16h13v-16H16M8.500 3h7v3.500h-7zM8.500 13l2.500 2.500 4.500-5",
  test: "M9 3h6M10 3v6.500L4.800 18.500A1.700 1.700 0 0 0 6.300 21h11.400a1.700 1.700 0 0 0 1.500-2.500L14 9.500V3M7.500 15h9",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  close: "M5.500 5.500l13 13M18.500 5.500l-13 13",
  camera: "M4 7.500h3.500L9 5h6l1.500 2.500H20v11.500H4zM12 9.800a3.200 3.200 0 1 0 0 6.400 3.200 3.200 0 0 0 0-6.400z",
  keyboard: "M3 6.500h18v11H3zM6.500 10h.01M10 10h.01M13.500 10h.01M17 10h.01M7.500 14h9",
  erase: "M8.500 5.500H21v13H8.500L3 12zM11.500 9.500l5 5M16.500 9.500l-5 5",
  tick: "M4.500 12.500l5 5 10-11",
  open: "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16z",
  warn: "M12 3.500L22 20.500H2zM12 10v4.500M12 17.500h.01",
  bad: "M8 3h8l5 5v8l-5 5H8l-5-5V8zM9 9l6 6M15 9l-6 6",
  print: "M7 8V3.500h10V8M7 17H4V8.500h16V17h-3M7 14h10v6.500H7z",
  swap: "M4 9.500h13.500l-3.800-4M20 14.500H6.500l3.800 4",
  touch:
    "M9 12V5.500a1.700 1.700 0 0 1 3.400 0V11l5 1.200a2 2 0 0 1 1.500 2.300l-.9 4.500a2.500 2.500 0 0 1-2.500 2h-4a3 3 0 0 1-2.400-1.200L4.500 14.500a1.500 1.500 0 0 1 2.300-1.900L9 14.500",
  speaker: "M4 9.500h4L13 5v14l-5-4.500H4zM16.500 9a4.500 4.500 0 0 1 0 6M19 6.500a8 8 0 0 1 0 11",
  shift: "M12 4l7.500 8H15v7.500H9V12H4.500z",
  serial: "M3.500 8h17l-2 8.500H5.500zM8 11h.01M12 11h.01M16 11h.01M9.800 13.800h.01M14.200 13.800h.01",
  pcsc: "M4 13.500h16v6.500H4zM7.500 13.500V4h9v9.500M10 17h4",
  virtual: "M4 5h16v10.500H4zM9 20h6M12 15.500V20M9 10.200h6",
  kiosk: "M6.500 2.500h11v12.500h-11zM12 15v6M8 21h8",
} as const;

type OwnPicture = keyof typeof OWN;
export type SignName = OwnPicture | PictureName;

export function drawingOf(name: SignName): string {
  return isOwn(name) ? OWN[name] : PICTURES[name];
}

function isOwn(name: SignName): name is OwnPicture {
  return name in OWN;
}
