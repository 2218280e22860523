/** One condition of a filter: a word, or a field compared with values. */
export type Term =
  | { readonly kind: 'word'; readonly not: boolean; readonly text: string; readonly raw: string }
  | {
      readonly kind: 'field'
      readonly not: boolean
      readonly field: string
      readonly sign: Sign
      /** Alternatives: one of them is enough. */
      readonly values: readonly string[]
      readonly raw: string
    }
export type Sign = ':' | '=' | '!=' | '<' | '<=' | '>' | '>='

/** Words between blanks; blanks inside double quotes belong to the word. */
export const tokensOf = (text: string): string[] => text.match(/(?:[^\s"]|"[^"]*"?)+/g) ?? []

const FIELD = /^(-?)([\w./]+)(<=|>=|!=|<|>|=|:)(.*)$/
const unquoted = (text: string): string => text.replaceAll('"', '')

/** The conditions of a filter, all of which a run must meet: `co-trained tag:paper accuracy>95 -status:failed,stopped`. */
export const termsOf = (text: string): Term[] => tokensOf(text).map(termOf)

function termOf(raw: string): Term {
  const [, minus, field = '', sign = ':', rest = ''] = FIELD.exec(raw) ?? []
  if (field !== '')
    return {
      kind: 'field',
      not: minus === '-',
      field: field.toLowerCase(),
      sign: sign as Sign, // one of the pattern's alternatives
      values: unquoted(rest).toLowerCase().split(','),
      raw,
    }
  const not = raw.startsWith('-') && raw.length > 1
  return { kind: 'word', not, text: unquoted(not ? raw.slice(1) : raw).toLowerCase(), raw }
}
