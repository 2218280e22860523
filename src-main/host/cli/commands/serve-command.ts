import type { Command } from 'commander'
import { CotrainError, toProblems } from '../../../../src-shared/contract/errors.ts'
import { interfaceFolder } from '../../web/build-interface.ts'
import { compose } from '../../compose.ts'
import { createOutput } from '../base/output.ts'
import { homeLayout } from '../../../disk/home-layout.ts'
import { appendBounded } from '../../../disk/log-file.ts'

/** Some hundred thousand actions; as many before them are kept beside it. */
const MOST_AUDIT_BYTES = 20_000_000

interface ServeOptions {
  port: string
  open?: boolean
  reason?: string
}

export function addServeCommand(program: Command, json: () => boolean): void {
  program
    .command('serve')
    .description('open the app in the browser, served from this machine to this machine')
    .option('--port <n>', 'a fixed port instead of a free one', '0')
    .option('--open', 'open the system browser')
    .option('--reason <text>', 'why this host, shown in the app', 'started with `cotrain serve`')
    .action((options: ServeOptions) => serve(options, json()))
}

/** Serves until Ctrl-C; workers go on. */
async function serve(options: ServeOptions, json: boolean): Promise<void> {
  const output = createOutput(json)
  try {
    const root = await interfaceFolder((text) => output.note(text))
    const port = Number(options.port)
    if (!Number.isInteger(port) || port < 0 || port > 65535) {
      const message = `expected a port from 0 to 65535, got "${options.port}".`
      throw new CotrainError({ code: 'config-invalid', path: '--port', message })
    }
    const app = compose({ host: 'web', hostReason: options.reason ?? '', log: (text) => output.note(text) })
    app.service.watch()
    // Runs can be read where none can be started.
    await app.workspace.supervisor
      .start()
      .catch((error: unknown) => output.note(`No runs can be started here: ${String(error)}`))
    const audit = (line: string): void =>
      appendBounded(homeLayout(app.workspace.home).audit, `${line}\n`, MOST_AUDIT_BYTES)
    const log = (text: string): void => output.note(text)
    // Only this command needs a server.
    const { startServer } = await import('../../web/server.ts')
    const server = await startServer({ service: app.service, root, port, log, audit })
    output.result(
      { url: server.launchUrl, port: server.port, pid: process.pid },
      () =>
        `CoTrain: ${server.launchUrl}\nThe link works once. Ctrl-C ends the service; runs in progress go on.`,
    )
    if (options.open === true) {
      const { default: open } = await import('open')
      await open(server.launchUrl).catch(() =>
        output.note('No browser could be opened: open the link yourself.'),
      )
    }
    await new Promise<void>((resolve) => {
      process.once('SIGINT', resolve)
      process.once('SIGTERM', resolve)
    })
    await server.close()
    await app.close()
  } catch (error) {
    output.problems(toProblems(error))
    process.exitCode = error instanceof CotrainError ? 2 : 1
  }
}
