/** Present in every JavaScript runtime that we use, though in no ECMAScript library of TypeScript. */
declare class TextEncoder {
  encode(text: string): Uint8Array
}
