// What a terminal or a viewer of logs may act on, and JSON lets stand: DEL and C1 (ECMA-48, 8.1),
// line and paragraph separators, and marks that turn the direction of text (Unicode, UAX #9).
const UNSAFE = /[\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** JSON text in which no character is left that a terminal acts on, or that breaks a line. */
export function escapeUnsafe(json: string): string {
  return json.replace(
    UNSAFE,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Any text in double quotes, on one line, with nothing in it that a terminal acts on. */
export function toQuoted(text: string): string {
  return escapeUnsafe(JSON.stringify(text));
}
