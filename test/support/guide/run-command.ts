import { Command, CommanderError } from 'commander'
import { vi } from 'vitest'
import { addDataCommands } from '../../../src-main/host/cli/commands/data-commands.ts'

export interface Said {
  readonly code: number
  readonly out: string
  readonly err: string
}

function dataProgram(): Command {
  const program = new Command('cotrain').exitOverride()
  addDataCommands(program, () => true)
  program.commands.flatMap((data) => data.commands).forEach((command) => command.exitOverride())
  return program
}

/** What can be done with data: add, look, ... */
export const dataActions = (): string[] =>
  dataProgram().commands.flatMap((data) => data.commands.map((command) => command.name()))

/** One `cotrain data ...` command, in this process: starting the application for each of many takes minutes. */
export async function runDataCommand(words: readonly string[]): Promise<Said> {
  const program = dataProgram()
  const said = { out: '', err: '' }
  const catches = (stream: NodeJS.WriteStream, key: 'out' | 'err') =>
    vi.spyOn(stream, 'write').mockImplementation((text) => {
      said[key] += String(text)
      return true
    })
  const spies = [catches(process.stdout, 'out'), catches(process.stderr, 'err')]
  const before = process.exitCode
  try {
    await program.parseAsync([...words], { from: 'user' })
    return { code: Number(process.exitCode ?? 0), ...said }
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    return { code: error.exitCode, ...said }
  } finally {
    process.exitCode = before
    for (const spy of spies) spy.mockRestore()
  }
}
