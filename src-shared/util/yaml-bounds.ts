/** Configs have some ten levels. Readers of YAML call themselves for each, and take minutes or the stack where it is thousands. */
const MAX_YAML_DEPTH = 200

/**
 * Whether a text may nest deeper than any config, told from its characters alone before it is parsed: open brackets, columns of
 * indentation, and dashes that begin lists within lists. Takes brackets within quotes for brackets: nobody writes hundreds that stay open.
 */
export function nestsTooDeep(text: string): boolean {
  let open = 0
  for (const char of text) {
    if (char === '[' || char === '{') open++
    else if ((char === ']' || char === '}') && open > 0) open--
    if (open > MAX_YAML_DEPTH) return true
  }
  return text.split('\n').some((line) => {
    const lead = /^[ \-?:]*/.exec(line)?.[0] ?? ''
    return lead.length > MAX_YAML_DEPTH
  })
}

const ANCHOR = /(?<![^\s[{,:-])&\S/g
const MAX_ANCHORS = 100

/** Whether a text names so many values for later use (&name) that the parser takes minutes to compare the names. */
export const hasManyAnchors = (text: string): boolean => (text.match(ANCHOR)?.length ?? 0) > MAX_ANCHORS
