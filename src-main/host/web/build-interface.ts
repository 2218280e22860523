import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { CotrainError } from '../../../src-shared/contract/errors.ts'
import { nodeProgram } from '../../process/node-program.ts'
import { appRoot, runsFromSource } from '../app-root.ts'

/**
 * Folder of the interface; a checkout builds it the first time it is wanted.
 * @throws CotrainError `file-missing` where it is not there and cannot be built
 */
export async function interfaceFolder(note: (text: string) => void): Promise<string> {
  const root = join(appRoot(), 'out', 'renderer')
  const isThere = (): boolean => existsSync(join(root, 'index.html'))
  const vite = join(appRoot(), 'node_modules', 'vite', 'bin', 'vite.js')
  if (!isThere() && runsFromSource() && existsSync(vite)) {
    note('The interface is built first; this is needed once.')
    await build(vite)
  }
  if (isThere()) return root
  throw new CotrainError({
    code: 'file-missing',
    path: root,
    message: 'the interface has not been built.',
    hint: 'Build it with `npm run build`.',
  })
}

function build(vite: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(nodeProgram(), [vite, 'build', '--logLevel', 'error'], {
      cwd: appRoot(),
      stdio: ['ignore', 'ignore', 'inherit'],
      windowsHide: true,
    })
    child.once('error', reject)
    child.once('close', () => resolve())
  })
}
