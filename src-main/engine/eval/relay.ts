/**
 * Passes on what `work` yields in other words and returns its result. When the reader leaves early, or when `stop` says so
 * after a value was read, the work is closed too, so that loaders underneath are released; a stopped one returns null.
 */
export function relay<T, U, R>(work: AsyncGenerator<T, R>, words: (value: T) => U): AsyncGenerator<U, R>
export function relay<T, U, R>(
  work: AsyncGenerator<T, R>,
  words: (value: T) => U,
  stop: () => boolean,
): AsyncGenerator<U, R | null>
export async function* relay<T, U, R>(
  work: AsyncGenerator<T, R>,
  words: (value: T) => U,
  stop: () => boolean = () => false,
): AsyncGenerator<U, R | null> {
  let ended = false
  try {
    for (;;) {
      const next = await work.next()
      if (next.done === true) {
        ended = true
        return next.value
      }
      yield words(next.value)
      if (stop()) return null
    }
  } finally {
    if (!ended) await work.return(undefined as never) // nobody reads the value of closed work
  }
}
