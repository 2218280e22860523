/** What a part of the suite has seen: counts, and what went wrong. */
export interface Figures {
  /** One more trial, and how it ended. */
  count(trial: string, ended: string): void
  fail(trial: string, reasons: readonly string[]): void
  say(text: string): void
  readonly passed: number
  readonly failures: readonly string[]
  summary(): string
}

export function openFigures(): Figures {
  const ends = new Map<string, number>()
  const failures: string[] = []
  const said: string[] = []
  let all = 0
  return {
    count: (_trial, ended) => {
      all++
      ends.set(ended, (ends.get(ended) ?? 0) + 1)
    },
    fail: (trial, reasons) => failures.push(`${trial}: ${reasons.join('; ')}`),
    say: (text) => said.push(text),
    get passed() {
      return all - failures.length
    },
    failures,
    summary: () =>
      [...said, [...ends].map(([end, n]) => `${n} ${end}`).join(', '), `${failures.length} failed`]
        .filter((line) => line !== '')
        .join('; '),
  }
}
