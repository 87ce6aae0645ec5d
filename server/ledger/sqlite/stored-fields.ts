/** Fields of stored rows, checked as they are read: a row that is not what was written is a corrupt file. */
import type { SQLOutputValue } from "node:sqlite";
import * as v from "valibot";
import { LedgerFaultError } from "./ledger-fault.ts";

export type StoredRow = Record<string, SQLOutputValue>;

export function numberField(row: StoredRow, field: string): number {
  const value = row[field];
  return typeof value === "number" ? value : damaged(field);
}

export function textField(row: StoredRow, field: string): string {
  const value = row[field];
  return typeof value === "string" ? value : damaged(field);
}

export function bytesField(row: StoredRow, field: string): Uint8Array {
  const value = row[field];
  return value instanceof Uint8Array ? value : damaged(field);
}

export function numberOrNull(row: StoredRow, field: string): number | null {
  return row[field] === null ? null : numberField(row, field);
}

export function textOrNull(row: StoredRow, field: string): string | null {
  return row[field] === null ? null : textField(row, field);
}

/** A field that holds JSON. */
export function jsonField<const Schema extends v.GenericSchema>(
  row: StoredRow,
  field: string,
  schema: Schema,
): v.InferOutput<Schema> {
  const parsed = v.safeParse(schema, readJson(textField(row, field)));
  return parsed.success ? parsed.output : damaged(field);
}

export function jsonOrNull<const Schema extends v.GenericSchema>(
  row: StoredRow,
  field: string,
  schema: Schema,
): v.InferOutput<Schema> | null {
  return row[field] === null ? null : jsonField(row, field, schema);
}

/** A field that holds one of some words. */
export function wordField<const Schema extends v.GenericSchema<string>>(
  row: StoredRow,
  field: string,
  schema: Schema,
): v.InferOutput<Schema> {
  const parsed = v.safeParse(schema, textField(row, field));
  return parsed.success ? parsed.output : damaged(field);
}

/** A field that holds one of some numbers. */
export function checkedField<const Schema extends v.GenericSchema<number>>(
  row: StoredRow,
  field: string,
  schema: Schema,
): v.InferOutput<Schema> {
  const parsed = v.safeParse(schema, row[field]);
  return parsed.success ? parsed.output : damaged(field);
}

/** A field that holds 1 or 0. */
export function flagField(row: StoredRow, field: string): boolean {
  const value = numberField(row, field);
  return value === 0 || value === 1 ? value === 1 : damaged(field);
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function damaged(field: string): never {
  throw new LedgerFaultError("corrupt", `a stored row has no readable "${field}"`);
}
