import { CotrainError } from '../../../src-shared/contract/errors.ts'
import type { PluginRef } from '../../../src-shared/schema/plugin/manifest.ts'
import type { Guard } from '../../engine/types.ts'

/**
 * Runs code of a plug-in: what it throws becomes a problem that names the plug-in, its file and what was done, and an attempt to end
 * the process is such an error too. What it does later, on its own, ends its worker at most.
 */
export function guardFor({ name, version }: Pick<PluginRef, 'name' | 'version'>, file: string): Guard {
  return (doing, work) => {
    const { exit } = process
    process.exit = () => {
      throw new Error('it called process.exit')
    }
    try {
      return work()
    } catch (error) {
      // A plug-in inside of a plug-in, or a problem of ours that passes through.
      if (error instanceof CotrainError) throw error
      throw faulty({ name, version }, file, `${doing} failed: ${wordsOf(error)}`, error)
    } finally {
      process.exit = exit
    }
  }
}

export function faulty(
  { name, version }: Pick<PluginRef, 'name' | 'version'>,
  file: string,
  what: string,
  cause?: unknown,
): CotrainError {
  const hint = 'The fault is in the plug-in: mend it, add it again, and trust the new version.'
  const message = `plug-in ${name} ${version}: ${what}.`
  return new CotrainError({ code: 'engine-failed', path: file, message, hint }, { cause })
}

/** The message of an error, in one line that does not end with a full stop. */
function wordsOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  return text.replaceAll(/\s+/g, ' ').slice(0, 400).replace(/\.$/, '')
}
