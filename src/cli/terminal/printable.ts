// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what this file is about.
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g

/**
 * Makes a text from outside (a name or an error of a database) safe to draw: control characters
 * could move the cursor, hide text or retitle the terminal; bidirectional overrides reorder it.
 * Tabs become a space, lines stay.
 */
export function printable(text: string): string {
  return text.replaceAll('\t', ' ').replace(CONTROL, '\ufffd')
}
