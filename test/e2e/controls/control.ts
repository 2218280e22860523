/** A thing that can be pressed, typed into or chosen from, as it stands on the page. */
export interface Control {
  /** Value of its attribute `data-control`, by which it is found again until the page is listed anew. */
  readonly mark: string
  /** Equal for the same control at another time, and for what stands in each row of a list or a table. */
  readonly key: string
  /** As ARIA calls it; "choice" for radio buttons of which one is chosen, "summary" for what unfolds a passage. */
  readonly role: string
  readonly name: string
  /** Label of the closest region, group, figure or list around it; empty at the top of its view. */
  readonly part: string
  /** What it stands in each of: "row", "entry", "figure", "option"; empty: it is there once. */
  readonly each: string
  /** Names of the radio buttons of a choice, else nothing. */
  readonly choices: readonly string[]
  readonly isBlocked: boolean
  /** Why it cannot be used now, as its title or description says. */
  readonly reason: string
}

export interface Listed {
  readonly controls: readonly Control[]
  /** Controls without a name, ones that only the pointer shows, and things that only the pointer can use. */
  readonly faults: readonly string[]
}

/** What a press can change, at one moment. */
export interface Shown {
  readonly path: string
  readonly title: string
  /** Names of open dialogs and of the notes that buttons open, the last in front. */
  readonly dialogs: readonly string[]
  readonly menu: string
  readonly focus: string
  /** Of the control itself; null when it is gone. */
  readonly own: OwnState | null
  /** Text and states of each labelled part of the page, without the parts in it. */
  readonly parts: readonly (readonly [string, string])[]
  /** What is told by and by, such as the value under the keys of a chart. */
  readonly news: string
  readonly messages: readonly string[]
  /** How often a chart was cleared to be drawn, a text was copied, and something scrolled. */
  readonly scrolls: number
  readonly draws: number
  readonly copies: number
}

export interface OwnState {
  readonly isPressed: string
  readonly isUnfolded: string
  /** Whether it is chosen or ticked, and what it holds. */
  readonly value: string
}
