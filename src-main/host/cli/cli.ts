import { Command, CommanderError } from 'commander'
import { appVersion } from '../app-root.ts'
import { addAnalyseCommand } from './commands/analyse-command.ts'
import { addBalanceCommand } from './commands/balance-command.ts'
import { addBenchCommand } from './commands/bench-command.ts'
import { addDataCommands } from './commands/data-commands.ts'
import { addCheckCommand } from './commands/check-command.ts'
import { addCompareCommand } from './commands/compare-command.ts'
import { addDemoCommand } from './commands/demo-command.ts'
import { addEngineCommands } from './commands/engine-commands.ts'
import { addEvaluateCommands } from './commands/evaluate-commands.ts'
import { addFamilyCommand } from './commands/family-command.ts'
import { addImportConfig } from './commands/import-config-command.ts'
import { addModelCommand } from './commands/model-command.ts'
import { addPackageCommands } from './commands/package-command.ts'
import { addPluginCommands } from './commands/plugin-command.ts'
import { addQueueCommands } from './commands/queue-commands.ts'
import { addRecipeCommand } from './commands/recipe-command.ts'
import { addReportCommand } from './commands/report-command.ts'
import { addRunCommands } from './commands/run-commands.ts'
import { addServeCommand } from './commands/serve-command.ts'
import { addStoreCommands } from './commands/store-command.ts'

/** The command line. Exit codes: 0 done, 1 a failure, 2 wrong input. */
export async function main(argv: readonly string[]): Promise<void> {
  const wantsJson = argv.includes('--json')
  const program = new Command('cotrain')
    .description('Co-train networks on image classification and on V1/V4 responses, and compare the runs.')
    .version(appVersion())
    .option('--json', 'results as JSON')
    .showHelpAfterError('(cotrain --help lists the commands)')
    .exitOverride()
  const json = (): boolean => wantsJson
  addDemoCommand(program, json)
  addRunCommands(program, json)
  addCheckCommand(program, json)
  addCompareCommand(program, json)
  addEvaluateCommands(program, json)
  addPackageCommands(program, json)
  addPluginCommands(program, json)
  addAnalyseCommand(program, json)
  addQueueCommands(program, json)
  addRecipeCommand(program, json)
  addFamilyCommand(program, json)
  addReportCommand(program, json)
  addBalanceCommand(program, json)
  addServeCommand(program, json)
  addEngineCommands(program, json)
  addStoreCommands(program, json)
  addBenchCommand(program, json)
  addDataCommands(program, json)
  addModelCommand(program, json)
  addImportConfig(program, json)
  overrideExits(program)
  try {
    // --json may stand anywhere, also behind the command.
    await program.parseAsync(
      argv.filter((word) => word !== '--json'),
      { from: 'user' },
    )
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    process.exitCode = error.exitCode === 0 ? 0 : 2
  }
}

/** Commander ends the process with 1 for wrong usage; ours is 2. */
function overrideExits(command: Command): void {
  for (const child of command.commands) {
    child.exitOverride()
    overrideExits(child)
  }
}

// `cotrain export ... | head` has read enough.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit()
})
await main(process.argv.slice(2))
