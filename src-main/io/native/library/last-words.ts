import { lastLine } from '../../../process/child.ts'

/** What TensorFlow logs as information or warning; on some processors it greets whatever the level of the log is. */
const GREETING = /^(?:[IW]\d{4} |WARNING: All log messages before absl::InitializeLog)/

/** The last line that a child with the library wrote to its error stream, the library's own greeting left out. */
export const lastWords = (stderr: string): string =>
  lastLine(
    stderr
      .split('\n')
      .filter((line) => !GREETING.test(line))
      .join('\n'),
  )
