/** A text with the stop that ends a sentence; "corr. to avg." has one. */
export const ended = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`)
